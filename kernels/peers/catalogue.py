"""What somebody would take today: for each problem, ways to compute it with PyTorch and what stands on it.

A peer gets the arrays of a case by the names of its problem (tensors; sizes as integers) and returns a function without arguments
that computes what the problem asks for, from its first output on (`o`, or all three gradients). What can be made once for a model,
such as a mask, is made before that function is returned, and is not timed.
"""

from functools import partial

import torch
import torch.nn.functional as F

BACKENDS = {
    "flash": "FLASH_ATTENTION",
    "cudnn": "CUDNN_ATTENTION",
    "efficient": "EFFICIENT_ATTENTION",
    "math": "MATH",
}


def sdpa(backend, q, k, v, mask=None, causal=False):
    """Scaled dot product attention by one backend of PyTorch's, which refuses what it cannot do."""
    from torch.nn.attention import SDPBackend, sdpa_kernel

    def run():
        with sdpa_kernel([getattr(SDPBackend, BACKENDS[backend])]):
            return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)

    return run


def attention(backend, a):
    return sdpa(backend, a["q"], a["k"], a["v"], causal=bool(a["causal"]))


def prefix_attention(backend, a):
    """The prefix is put before the keys of each sequence, which is part of the work."""
    n, batch = a["n"], a["batch"]
    mask = None
    if a["causal"]:
        everything = torch.ones(n, a["prefix"], dtype=torch.bool, device=a["q"].device)
        mask = torch.cat([everything, lower(n, a["q"].device)], dim=1)

    def run():
        k, v = (
            torch.cat([a[f"prefix_{name}"].expand(batch, -1, -1, -1), a[name]], dim=2)
            for name in ("k", "v")
        )
        return sdpa(backend, a["q"], k, v, mask)()

    return run


def tree_attention(backend, a):
    """The mask of ancestors is made once a tree; the nodes are put behind the cache."""
    nodes = a["nodes"]
    sees = torch.eye(nodes, dtype=torch.bool)
    for node, parent in enumerate(a["parents"].flatten().tolist()):
        if 0 <= parent < node:
            sees[node] |= sees[parent]
    cache = torch.ones(nodes, a["n"], dtype=torch.bool)
    mask = torch.cat([cache, sees], dim=1).to(a["q"].device)

    def run():
        k, v = (torch.cat([a[f"cache_{name}"], a[name]], dim=2) for name in ("k", "v"))
        return sdpa(backend, a["q"], k, v, mask)()

    return run


def sparse_attention(backend, a):
    place = torch.arange(a["n"], device=a["q"].device)
    back = place[:, None] - place[None, :]
    mask = (back >= 0) & ((back < a["window"]) | (back % a["stride"] == 0))
    return sdpa(backend, a["q"], a["k"], a["v"], mask)


def diagonal_attention(backend, a):
    """Blocks become sequences. The last one must be whole."""
    q = a["q"]
    blocks = (*q.shape[:2], q.shape[2] // a["block"], a["block"], q.shape[3])
    q, k, v = (a[name].reshape(blocks).flatten(0, 2).unsqueeze(1) for name in "qkv")
    run = sdpa(backend, q, k, v, causal=bool(a["causal"]))
    return lambda: run().reshape(a["q"].shape)


def lower(n, device):
    return torch.ones(n, n, dtype=torch.bool, device=device).tril()


def phi(x):
    return F.elu(x) + 1


def weighted(q, k, v, causal, chunk=128):
    """Sums over j of (q[i] . k[j]) v[j], and of the weights: by running sums, in chunks where a query sees only what is before it."""
    ones = torch.ones(*v.shape[:-1], 1, dtype=v.dtype, device=v.device)
    v = torch.cat([v, ones], dim=-1)
    if not causal:
        sums = q @ (k.transpose(-1, -2) @ v)
    else:
        n = q.shape[-2]
        padded = [F.pad(x, (0, 0, 0, -n % chunk)).unflatten(-2, (-1, chunk)) for x in (q, k, v)]
        q, k, v = padded
        states = k.transpose(-1, -2) @ v
        before = states.cumsum(dim=-3) - states
        inside = (q @ k.transpose(-1, -2)).tril()
        sums = (q @ before + inside @ v).flatten(-3, -2)[..., :n, :]
    return sums[..., :-1], sums[..., -1:]


def linear_attention(a):
    def run():
        q, k, v = phi(a["q"].float()), phi(a["k"].float()), a["v"].float()
        sums, weights = weighted(q, k, v, a["causal"])
        return (sums / weights).to(a["q"].dtype)

    return run


def linear_attention_fla(a):
    """Triton kernels of flash-linear-attention, which are causal and lay heads inside the sequence."""
    from fla.ops.linear_attn import chunk_linear_attn

    if not a["causal"]:
        raise NotImplementedError("it is causal")

    def run():
        q, k, v = (x.transpose(1, 2) for x in (phi(a["q"]), phi(a["k"]), a["v"]))
        return chunk_linear_attn(q, k, v, scale=1.0, normalize=True)[0].transpose(1, 2)

    return run


def performer_attention(a):
    def features(x, is_key):
        x = x.float() * a["size"] ** -0.25
        exponents = x @ a["w"].float().T - (x * x).sum(dim=-1, keepdim=True) / 2
        # A factor that all features of a query share, or all keys of a head, changes no mean.
        axes = (-1, -2) if is_key else (-1,)
        return (exponents - exponents.amax(dim=axes, keepdim=True)).exp()

    def run():
        q, k = features(a["q"], False), features(a["k"], True)
        sums, weights = weighted(q, k, a["v"].float(), a["causal"])
        return (sums / weights).to(a["q"].dtype)

    return run


def norm_attention(a):
    def run():
        q, k, v = phi(a["q"].float()), phi(a["k"].float()), a["v"].float()
        sums, _ = weighted(q, k, v, a["causal"])
        return (sums * (sums.square().mean(dim=-1, keepdim=True) + 1e-5).rsqrt()).to(a["q"].dtype)

    return run


def norm_attention_gradient(a):
    """By PyTorch's own differentiation, which goes forward first."""

    def run():
        leaves = [a[name].detach().requires_grad_() for name in "qkv"]
        o = norm_attention(dict(zip("qkv", leaves)) | {"causal": a["causal"]})()
        return torch.autograd.grad(o, leaves, a["upstream"])

    return run


def gated_attention_mixed_chunk(a):
    """Chunks become a batch; their linear parts are summed up once for all that come later."""
    n, chunk = a["n"], a["chunk"]
    inside = lower(chunk, a["u"].device) if a["causal"] else None
    names = ("quadratic_q", "quadratic_k", "linear_q", "linear_k", "v")

    def run():
        padded = (F.pad(a[name].float(), (0, 0, 0, -n % chunk)).unflatten(-2, (-1, chunk)) for name in names)
        quadratic_q, quadratic_k, linear_q, linear_k, v = padded
        weights = (quadratic_q / chunk @ quadratic_k.transpose(-1, -2)).relu().square()
        if inside is not None:
            weights = weights * inside
        states = linear_k.transpose(-1, -2) @ v / n
        sums = states.cumsum(dim=-3) - states if a["causal"] else states.sum(dim=-3, keepdim=True)
        o = (weights @ v + linear_q @ sums).flatten(-3, -2)[..., :n, :]
        return (a["u"].float() * o).to(a["u"].dtype)

    return run


def gated_attention_unit(a):
    mask = lower(a["n"], a["q"].device) if a["causal"] else None

    def run():
        weights = (a["q"] / a["n"] @ a["k"].transpose(-1, -2)).relu().float().square()
        if mask is not None:
            weights = weights * mask
        return (a["u"].float() * (weights @ a["v"].float())).to(a["q"].dtype)

    return run


def backends(of, names=tuple(BACKENDS)):
    return {f"sdpa_{name}": partial(of, name) for name in names}


# With a mask of its own, only these backends work.
MASKED = ("cudnn", "efficient", "math")

PEERS = {
    "attention": backends(attention),
    "prefix_attention": backends(prefix_attention),
    "tree_attention": backends(tree_attention, MASKED),
    "sparse_attention": backends(sparse_attention, MASKED),
    "diagonal_attention": backends(diagonal_attention),
    "linear_attention": {"torch_chunked": linear_attention, "fla_chunked": linear_attention_fla},
    "performer_attention": {"torch_chunked": performer_attention},
    "norm_attention": {"torch_chunked": norm_attention},
    "norm_attention_gradient": {"torch_autograd": norm_attention_gradient},
    "gated_attention_unit": {"torch_materialised": gated_attention_unit},
    "gated_attention_mixed_chunk": {"torch_chunked": gated_attention_mixed_chunk},
}

# At which sizes each problem is held against its peers: as many places in all as a batch of training has.
PLACES = 16384


def cases(problem):
    """The cases of a problem that are timed."""
    lengths = [1024, 2048, 4096, 8192, 16384]
    if problem.startswith("gated_attention"):
        return [f"{problem}/random@n={n},batch={PLACES // n},size=128,width=512,type=f16,causal=1" for n in lengths]
    if problem == "tree_attention":
        return [f"{problem}/random@n={n},batch=8,heads=32,size=128,nodes=64,type=f16" for n in lengths]
    causal = "" if problem == "sparse_attention" else ",causal=1"
    return [
        f"{problem}/random@n={n},batch={PLACES // n},heads={2048 // size},size={size},type=f16{causal}"
        for size in (64, 128)
        for n in lengths
    ]


def small(problem, element, causal=True):
    """A case on which every peer must first be right. Its last block is whole, for the peers' sake."""
    is_chosen = problem not in ("tree_attention", "sparse_attention")
    return f"{problem}/random@n=192,type={element}" + (f",causal={int(causal)}" if is_chosen else "")
