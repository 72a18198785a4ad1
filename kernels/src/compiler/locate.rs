//! Where NVRTC is: a setting, a Python environment's wheels, a CUDA installation, the system, in this order.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of one NVRTC. Whoever confines a compilation must let it read their folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The library, `libnvrtc.so.13` for example.
    pub library: PathBuf,
    /// The library of built-in functions beside it.
    pub builtins: Option<PathBuf>,
    /// The folders of CUDA's headers that exist.
    pub include: Vec<PathBuf>,
}

/// The variable that names the library or its folder.
pub const SETTING: &str = "JUDGE_NVRTC";

/// Finds NVRTC, or says where it was looked for.
pub(super) fn locate() -> Result<Location, String> {
    if let Some(setting) = env::var_os(SETTING) {
        let path = PathBuf::from(setting);
        let folder = if path.is_dir() {
            path.clone()
        } else {
            path.parent().map(Path::to_owned).unwrap_or_default()
        };
        return in_folder(&folder)
            .map(|found| match path.is_file() {
                true => Location {
                    library: path.clone(),
                    ..found
                },
                false => found,
            })
            .ok_or_else(|| {
                let path = path.display();
                format!("{SETTING}={path} is neither libnvrtc.so nor the folder that holds it")
            });
    }
    let folders = folders();
    folders
        .iter()
        .find_map(|folder| in_folder(folder))
        .ok_or_else(|| {
            format!("no libnvrtc.so in {SETTING}, Python's packages, CUDA_HOME or the system")
        })
}

/// Every folder that may hold the library, the likeliest first.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let environment = env::var_os("VIRTUAL_ENV").map(|root| site_packages(Path::new(&root)));
    for packages in environment.into_iter().flatten() {
        folders.extend(wheels(&packages));
    }
    for packages in python_packages() {
        folders.extend(wheels(&packages));
    }
    for variable in ["CUDA_HOME", "CUDA_PATH"] {
        if let Some(root) = env::var_os(variable) {
            folders.extend(installation(Path::new(&root)));
        }
    }
    folders.extend(installation(Path::new("/usr/local/cuda")));
    let paths = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    folders.extend(env::split_paths(&paths).filter(|path| path.is_absolute()));
    folders.extend(["/usr/lib/x86_64-linux-gnu", "/usr/lib64"].map(PathBuf::from));
    folders
}

/// `lib/python3.*/site-packages` of a virtual environment.
fn site_packages(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root.join("lib"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("site-packages"))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// Where the `python3` of the search path keeps its packages. Isolated, so that no file of the current folder is imported.
fn python_packages() -> Vec<PathBuf> {
    let program = "import site, sysconfig; \
                   print('\\n'.join([sysconfig.get_paths()['platlib'], *site.getsitepackages()]))";
    let output = Command::new("python3").args(["-I", "-c", program]).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().map(PathBuf::from).collect()
}

/// NVIDIA's wheels: all of CUDA 13 share a folder, those of CUDA 12 have one each.
fn wheels(packages: &Path) -> [PathBuf; 2] {
    ["nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib"].map(|folder| packages.join(folder))
}

fn installation(root: &Path) -> [PathBuf; 3] {
    ["lib64", "lib", "targets/x86_64-linux/lib"].map(|folder| root.join(folder))
}

fn in_folder(folder: &Path) -> Option<Location> {
    let names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let greatest = |prefix: &str| {
        let versions = names.iter().filter_map(|name| {
            let version = name.strip_prefix(prefix)?;
            Some((numbers(version)?, folder.join(name)))
        });
        versions.max().map(|(_, path)| path)
    };
    Some(Location {
        library: greatest("libnvrtc.so")?,
        builtins: greatest("libnvrtc-builtins.so"),
        include: include(folder),
    })
}

/// `.13.0` as numbers, so that 13 comes after 9; an empty suffix comes first.
fn numbers(version: &str) -> Option<Vec<u32>> {
    let parts = version.split('.').skip(1);
    parts.map(|part| part.parse().ok()).collect()
}

/// The headers that belong to a library's folder.
fn include(folder: &Path) -> Vec<PathBuf> {
    [
        "../include",
        "../include/cccl",
        "../../cuda_runtime/include",
        "../../../include",
    ]
    .iter()
    .map(|path| folder.join(path))
    .filter(|path| path.join("cuda_fp16.h").is_file() || path.join("cuda/std").is_dir())
    .filter_map(|path| path.canonicalize().ok())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_library_of_a_folder_is_taken_with_its_builtins() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "libnvrtc.so.9.2",
            "libnvrtc.so.13",
            "libnvrtc.alt.so.13",
            "libnvrtc-builtins.so.13.0",
            "libnvrtc_static.a",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = in_folder(folder.path()).unwrap();
        assert_eq!(found.library, folder.path().join("libnvrtc.so.13"));
        let builtins = folder.path().join("libnvrtc-builtins.so.13.0");
        assert_eq!(found.builtins, Some(builtins));
        assert_eq!(in_folder(&folder.path().join("absent")), None);
    }
}
