// Virtual functions, tables of function pointers, recursion.
struct Shape {
    float size;
    __device__ Shape(float size) : size(size) {}
    __device__ virtual float area() const = 0;
};
struct Square : Shape {
    __device__ Square(float size) : Shape(size) {}
    __device__ float area() const override { return size * size; }
};
struct Circle : Shape {
    __device__ Circle(float size) : Shape(size) {}
    __device__ float area() const override { return 3.0f * size * size; }
};

__device__ __noinline__ int plus(int a, int b) { return a + b; }
__device__ __noinline__ int minus(int a, int b) { return a - b; }
__device__ __noinline__ int times(int a, int b) { return a * b; }
typedef int (*Operation)(int, int);
__device__ Operation operations[3] = {plus, minus, times};

__device__ __noinline__ int ackermann(int m, int n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

__device__ __noinline__ void sort(int *numbers, int low, int high) {
    if (low >= high) return;
    int pivot = numbers[high], place = low;
    for (int i = low; i < high; i++)
        if (numbers[i] < pivot) {
            int other = numbers[i];
            numbers[i] = numbers[place];
            numbers[place++] = other;
        }
    numbers[high] = numbers[place];
    numbers[place] = pivot;
    sort(numbers, low, place - 1);
    sort(numbers, place + 1, high);
}

extern "C" __global__ void shapes(float *areas) {
    Square square(threadIdx.x);
    Circle circle(threadIdx.x);
    const Shape *shapes[2] = {&square, &circle};
    const Shape *volatile shape = shapes[threadIdx.x % 2];
    areas[threadIdx.x] = shape->area();
}

extern "C" __global__ void pointers(int *results) {
    results[threadIdx.x] = operations[threadIdx.x % 3](threadIdx.x, 7);
}

extern "C" __global__ void recursion(int *results, int *numbers) {
    results[threadIdx.x] = ackermann(threadIdx.x % 3, threadIdx.x / 3 % 4);
    sort(numbers + threadIdx.x * 16, 0, 15);
}
