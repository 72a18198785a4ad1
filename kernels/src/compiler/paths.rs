//! The `.file` entries of PTX, which NVRTC makes absolute: without that, a file would differ from machine to machine.

use std::path::{Path, PathBuf};

/// Writes the source's own name as the caller gave it, and headers relative to the folder that they came from.
pub(super) fn make_relative(ptx: &str, name: &str, include: &[PathBuf]) -> String {
    let mut text = String::with_capacity(ptx.len());
    for line in ptx.split_inclusive('\n') {
        match parts(line) {
            Some((head, path, tail)) => {
                text.push_str(head);
                text.push_str(&relative(path, name, include));
                text.push_str(tail);
            }
            None => text.push_str(line),
        }
    }
    text
}

/// Splits `.file 1 "path"` around its path.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    if !line.trim_start().starts_with(".file") {
        return None;
    }
    let start = line.find('"')? + 1;
    let end = start + line[start..].find('"')?;
    Some((&line[..start], &line[start..end], &line[end..]))
}

fn relative(path: &str, name: &str, include: &[PathBuf]) -> String {
    if Path::new(path).ends_with(name) {
        return name.to_owned();
    }
    let header = include
        .iter()
        .find_map(|folder| Path::new(path).strip_prefix(folder).ok());
    let last = Path::new(path).file_name().map(Path::new);
    let shown = header.or(last).unwrap_or(Path::new(path));
    shown.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_of_this_machine_is_left() {
        let ptx = "mov %r1, 0;\n\t.file\t1 \"/home/me/judge/kernels/a.cu\"\n.file 2 \"/opt/cuda/include/cuda_fp16.h\"\n";
        let include = [PathBuf::from("/opt/cuda/include")];
        let made = make_relative(ptx, "kernels/a.cu", &include);
        let expected = "mov %r1, 0;\n\t.file\t1 \"kernels/a.cu\"\n.file 2 \"cuda_fp16.h\"\n";
        assert_eq!(made, expected);
    }
}
