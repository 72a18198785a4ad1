//! The judge as people and pipelines meet it: its commands, run as they are.

mod bench;
mod common;
mod compare;
mod counters;
mod gpu;
mod history;
mod interactive;
mod interface;
mod leaderboard;
mod own_files;
mod own_kernels;
mod peers;
mod published;
mod report;
mod verdicts;
mod workflow;
