use clap::Parser;
use std::path::PathBuf;

/// Tag faces in a picture folder
#[derive(Parser, Debug)]
#[command(version)]
pub struct Args {
    /// Folder of JPEG files
    pub input: PathBuf,

    /// Attributes to predict for each face
    #[arg(long, default_value = "age,gender,ethnicity", value_delimiter = ',')]
    pub attributes: Vec<String>,

    /// Smallest face in pixels
    #[arg(long, default_value_t = 40)]
    pub min_face: u32,

    /// Write one JSON line per face
    #[arg(long)]
    pub jsonl: Option<PathBuf>,
}
