//! The one door: everything a developer or the CI does is a command here.
//!
//! It depends on pure Rust only, so it compiles within seconds on a machine that has nothing but
//! Rust and Node, and installs the rest itself. A shell script could not be tested, a Makefile
//! could not read the calendar, and both would need a second language.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to people"
)]

mod advisories;
mod args;
mod deadline;
mod deny;
mod dist;
mod generate;
mod icons;
mod measure;
mod repo;
mod run;
mod sbom;
mod session;
mod setup;
mod sh;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Args;
use crate::repo::Repo;

/// One command of the door.
struct Entry {
    name: &'static str,
    usage: &'static str,
    chinese: &'static str,
    english: &'static str,
    run: fn(&Repo, Args) -> Result<ExitCode>,
}

const ENTRIES: [Entry; 17] = [
    Entry {
        name: "run",
        usage: "run [--data FOLDER] [--headless] [--release]",
        chinese: "安装缺少的东西、编译，启动一个带示例人员的中心，并打开工作台（首次启动自带示例数据）；没有显示器时改在本机网址上提供同一界面",
        english: "install what is missing, build, start a center with sample people, and open the desk with sample data; without a display serve it on a loopback address",
        run: run::run,
    },
    Entry {
        name: "test",
        usage: "test [--only ui|rust|window|lint] [-- TEST FILTER]",
        chinese: "运行全部测试，包括真实窗口里的测试（CI 运行的就是它）",
        english: "run every test, those in a real window included (this is what CI runs)",
        run: test::run,
    },
    Entry {
        name: "setup",
        usage: "setup [--for ui|build|test]",
        chinese: "只安装缺少的系统包、字体和 npm 包，并构建界面",
        english: "only install missing system packages, font and npm packages, and build the UI",
        run: setup::run,
    },
    Entry {
        name: "gen",
        usage: "gen",
        chinese: "由 Rust 的接口表重新生成 ui/src/backend/generated.ts",
        english: "regenerate ui/src/backend/generated.ts from the Rust api table",
        run: generate::run,
    },
    Entry {
        name: "deadline",
        usage: "deadline check FILE",
        chinese: "用时限样例文件核对 domain 的工作日与时限计算",
        english: "check the domain's working days and limits against a file of vectors",
        run: deadline::run,
    },
    Entry {
        name: "eval",
        usage: "eval search --data FOLDER | --kb FILE --queries FILE [--ablation]
      | eval intake --train FILE --test FILE | --folds FILE
      | eval duplicates --orders FILE… --pairs FILE | eval events --orders FILE",
        chinese: "测量知识库检索、受理分类、重复与同一事件的质量与速度，输出一行 JSON",
        english: "measure search, and how well intake reads classes, duplicates and events; prints one JSON line",
        run: measure::eval,
    },
    Entry {
        name: "bench",
        usage: "bench | bench search | bench intake | bench documents | bench center [--clients N] [--orders N] [--database URL] | bench desk [--orders N,N,…] | bench window",
        chinese: "基准测试：检索（与 SQLite FTS5 对比）；受理提示（50 万件工单）；50 万行台账的导出与内存；中心每秒落盘的记录（旁列磁盘自身的 fsync 次数），--orders 另测新工作站读完全部记录的时间；装有一年工单（5 千、5 万、50 万件）的工作站上受理员要等多久；真实窗口里十个电话、每一键要等多久。不写哪一项就逐项全测",
        english: "benchmarks: search beside SQLite FTS5; what intake suggests beside 500,000 orders; a table of 500,000 rows and the memory it takes; durable intents per second of the center with the disk's own rate of syncs, and with --orders how long a new desk takes to read it all; what a call-taker waits for at a desk that holds a year of 5,000, 50,000 and 500,000 orders; ten calls in the real window and each of its keys. All of them where none is named",
        run: measure::bench,
    },
    Entry {
        name: "sim",
        usage: "sim [--seeds N] [--desks M] [--days D] [--seed S] [--mutant NAME|all]",
        chinese: "模拟多台工作站、一个中心和会出错的网络，输出一行 JSON；--mutant 植入错误，看是否查得出",
        english: "simulate desks, a center and a network that fails; prints one JSON line; --mutant plants a mistake that must be found",
        run: measure::sim,
    },
    Entry {
        name: "fuzz",
        usage: "fuzz [--inputs N] [--seed S]",
        chinese: "把弄坏的消息、文件、链接、调用和请求交给读取它们的程序，输出一行 JSON；出错或被拒后有改动即失败",
        english: "give broken messages, files, links, calls and requests to whoever reads them; prints one JSON line; fails on a panic, or where a refusal changed something",
        run: measure::fuzz,
    },
    Entry {
        name: "demo-year",
        usage: "demo-year --data FOLDER [--desk FOLDER] [--orders N] [--seed S] [--year Y] [--until DAY]",
        chinese: "生成一个中心的数据文件夹，里面是全县一年的工单（默认 4 万件，同一种子逐字节相同），--desk 另生成一台已同步的工作站",
        english: "make a center's data folder with a county's year in it (40,000 orders; the same seed gives the same bytes), and with --desk that of a desk that has read it",
        run: measure::year,
    },
    Entry {
        name: "dist",
        usage: "dist [--out FOLDER] [--try [--from OLDER_FOLDER]]",
        chinese: "制作工作台和中心的安装包（.deb）；--try 在空白的 Debian 里安装、启动、使用、升级、卸载",
        english: "make the packages of the desk and of the center (.deb); --try installs, starts, uses, upgrades and removes them in an empty Debian",
        run: dist::run,
    },
    Entry {
        name: "tidy",
        usage: "tidy",
        chinese: "检查架构约定：依赖方向、术语表、文件大小等",
        english: "check the architecture: crate edges, glossary, file sizes and so on",
        run: tidy::run,
    },
    Entry {
        name: "advisories",
        usage: "advisories [--rustsec FOLDER] [--retire FOLDER]",
        chinese: "查锁定的依赖里有没有已公布的漏洞（不联网）；给出漏洞库的文件夹时先从中取新",
        english: "look for published advisories about what the lock files name, offline; given the folders of the databases, take them anew first",
        run: advisories::run,
    },
    Entry {
        name: "deny",
        usage: "deny",
        chinese: "按 deny.toml 查全部 Rust 依赖的漏洞、许可与来源（cargo deny，不联网）",
        english: "check advisories, licences and sources of every crate as deny.toml says (cargo deny, offline)",
        run: deny::run,
    },
    Entry {
        name: "sbom",
        usage: "sbom [--out FILE]",
        chinese: "写出软件物料清单（CycloneDX），更新“关于”里的第三方组件和许可；有不许用的许可即失败",
        english: "write the bill of materials (CycloneDX) and the list of parts and licences that 关于 shows; fails on a licence that is not allowed",
        run: sbom::run,
    },
    Entry {
        name: "icons",
        usage: "icons",
        chinese: "由 icons/icon.svg 重新生成各种尺寸的图标",
        english: "redraw every icon size from icons/icon.svg",
        run: icons::run,
    },
    Entry {
        name: "session",
        usage: "session -- COMMAND…",
        chinese: "（test 内部使用）在私有 D-Bus 会话里启动密钥环和通知服务，再运行命令",
        english: "(used by test) start a keyring and a notification daemon in this private D-Bus session, then run COMMAND",
        run: session::run,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    let args = Args::new(words.collect());
    if matches!(name.as_str(), "help" | "--help" | "-h" | "帮助") {
        print_help();
        return ExitCode::SUCCESS;
    }
    let Some(entry) = ENTRIES.iter().find(|entry| entry.name == name) else {
        eprintln!("没有这个命令 / no such command: {name}\n");
        print_help();
        return ExitCode::from(2);
    };
    match (entry.run)(&Repo::find(), args) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("\nxtask {name}: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn print_help() {
    println!("渠县12345热线工作台 · Hotline Desk\n");
    for entry in &ENTRIES {
        println!(
            "  cargo xtask {}\n      {}\n      {}\n",
            entry.usage, entry.chinese, entry.english
        );
    }
}
