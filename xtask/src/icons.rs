//! `icons`: every size the shell and the installers want, drawn from two SVG sources.
//!
//! The results are committed, so nobody needs the drawing programs to build. `tauri icon` would
//! scale one large picture down, which turns five dots and a check into a smear at 16 pixels.

mod icns;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

/// Up to this many pixels the picture with fewer strokes is used.
const SMALL_UP_TO: u32 = 32;

/// The pictures and their size in pixels: Linux and macOS, then the Windows store's names.
const PICTURES: [(&str, u32); 15] = [
    ("32x32.png", 32),
    ("64x64.png", 64),
    ("128x128.png", 128),
    ("128x128@2x.png", 256),
    ("icon.png", 512),
    ("Square30x30Logo.png", 30),
    ("Square44x44Logo.png", 44),
    ("Square71x71Logo.png", 71),
    ("Square89x89Logo.png", 89),
    ("Square107x107Logo.png", 107),
    ("Square142x142Logo.png", 142),
    ("Square150x150Logo.png", 150),
    ("Square284x284Logo.png", 284),
    ("Square310x310Logo.png", 310),
    ("StoreLogo.png", 50),
];

/// The layers of icon.ico; `ImageMagick` stores the one of 256 pixels as PNG, as the format asks.
const ICO_SIZES: [u32; 6] = [16, 24, 32, 48, 64, 256];

pub(crate) fn run(repo: &Repo, args: Args) -> Result<ExitCode> {
    args.finish()?;
    for (program, package) in [("rsvg-convert", "librsvg2-bin"), ("convert", "imagemagick")] {
        if sh::find(program).is_none() {
            bail!("{program} is missing: apt-get install {package}");
        }
    }
    let folder = repo.path("icons");
    for (name, size) in PICTURES {
        draw(&folder, size, &folder.join(name))?;
    }
    let scratch = repo.target().join("icons");
    fs::create_dir_all(&scratch).context("Making a scratch folder")?;
    write_ico(&folder, &scratch)?;
    write_icns(&folder, &scratch)?;
    println!(
        "{} pictures, icon.ico and icon.icns are in {}",
        PICTURES.len(),
        folder.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn draw(folder: &Path, size: u32, target: &Path) -> Result<()> {
    let source = if size <= SMALL_UP_TO {
        "icon-small.svg"
    } else {
        "icon.svg"
    };
    let size = size.to_string();
    let mut command = Command::new("rsvg-convert");
    command
        .args(["--width", &size, "--height", &size, "--output"])
        .arg(target);
    sh::run(command.arg(folder.join(source)))
}

fn write_ico(folder: &Path, scratch: &Path) -> Result<()> {
    let layers = layers(folder, scratch, &ICO_SIZES)?;
    sh::run(
        Command::new("convert")
            .args(layers)
            .arg(folder.join("icon.ico")),
    )
}

fn write_icns(folder: &Path, scratch: &Path) -> Result<()> {
    let sizes: Vec<u32> = icns::LAYERS.iter().map(|(_, size)| *size).collect();
    let pictures: Vec<Vec<u8>> = layers(folder, scratch, &sizes)?
        .iter()
        .map(|path| fs::read(path).with_context(|| format!("Reading {}", path.display())))
        .collect::<Result<_>>()?;
    fs::write(folder.join("icon.icns"), icns::encode(&pictures)?).context("Writing icon.icns")
}

fn layers(folder: &Path, scratch: &Path, sizes: &[u32]) -> Result<Vec<PathBuf>> {
    let layer = |size: &u32| {
        let target = scratch.join(format!("{size}.png"));
        draw(folder, *size, &target).map(|()| target)
    };
    sizes.iter().map(layer).collect()
}
