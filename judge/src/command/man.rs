//! `judge man`: the manual, made of the same text as `--help`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{AS_EXPECTED, Cli};
use crate::usage::Usage;

/// Print the man page, or write one for each subcommand
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  judge man | man -l -                           all commands on one page
  judge man --out ~/.local/share/man/man1        judge.1, judge-run.1, ...: then `man judge-run` works")]
pub(super) struct Options {
    /// Write a page for each subcommand into this folder, instead of all on one to standard output
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let mut cli = Cli::command();
        cli.build();
        match &self.out {
            Some(folder) => write_all(&cli, folder)?,
            // A reader that has seen enough, as `head` has, is no error.
            None => drop(std::io::stdout().write_all(&one_page(&cli)?)),
        }
        Ok(AS_EXPECTED)
    }
}

/// A command with its name in the manual, and all below it that are not hidden.
fn tree(command: &clap::Command, name: &str) -> Vec<(String, clap::Command)> {
    let mut all = vec![(name.to_owned(), command.clone())];
    for below in command.get_subcommands() {
        if !below.is_hide_set() && below.get_name() != "help" {
            all.extend(tree(below, &format!("{name}-{}", below.get_name())));
        }
    }
    all
}

/// The page of `judge`, and behind it a section for each subcommand.
fn one_page(cli: &clap::Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(cli.clone()).render(&mut page)?;
    for (name, command) in tree(cli, cli.get_name()).into_iter().skip(1) {
        let title = name.replace('-', " ").to_uppercase();
        let (man, mut section) = (Man::new(command), Vec::new());
        man.render_synopsis_section(&mut section)?;
        man.render_description_section(&mut section)?;
        man.render_options_section(&mut section)?;
        man.render_extra_section(&mut section)?;
        let section = format!("\n{}", String::from_utf8_lossy(&section));
        let section = section.replace("\n.SH ", "\n.SS ");
        writeln!(page, ".SH \"{title}\"{}", section.trim_end())?;
    }
    Ok(page)
}

fn write_all(cli: &clap::Command, folder: &Path) -> anyhow::Result<()> {
    let failed = |error| Usage::file(folder, format!("{error}; name another folder with --out"));
    fs::create_dir_all(folder).map_err(failed)?;
    for (name, command) in tree(cli, cli.get_name()) {
        let mut page = Vec::new();
        Man::new(command.name(&name)).render(&mut page)?;
        let file = folder.join(format!("{name}.1"));
        fs::write(&file, page).map_err(failed)?;
        println!("{}", file.display());
    }
    Ok(())
}
