use clap::Parser;
use std::path::PathBuf;

/// Look through a folder of cars and list the best matches.
#[derive(Parser, Debug)]
#[command(version)]
struct Cli {
    /// folder written by the recorder
    gallery: PathBuf,

    /// picture to look for
    #[arg(long)]
    probe: Option<PathBuf>,

    /// keep only this paint
    #[arg(long, value_parser = ["silver", "black", "red", "white"])]
    finish: Option<String>,

    #[arg(long, default_value_t = 20)]
    top: usize,
}

fn main() {
    let cli = Cli::parse();
    println!("{cli:?}");
}
