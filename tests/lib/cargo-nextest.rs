// Starts the tests of a package as `cargo nextest run` is documented to, where there is no nextest:
// each test binary is asked for its tests by --list --format terse, then each test is a process of its
// own, NAME --exact --nocapture, all at a time. A process is started twice: /proc/self/exe with
// __double-spawn becomes the test. What tests have in their environment, cargo has not.
use std::os::unix::process::CommandExt;
use std::process::{exit, Command, Stdio};
use std::{env, thread};

fn test(program: &str, args: &str) -> Command {
    let mut twice = Command::new("/proc/self/exe");
    twice.args(["__double-spawn", "--", program, args]);
    twice
        .env("NEXTEST", "1")
        .env("NEXTEST_EXECUTION_MODE", "process-per-test");
    twice
}

fn output(command: &mut Command) -> String {
    let out = command.stderr(Stdio::inherit()).output().unwrap();
    if !out.status.success() {
        exit(101);
    }
    String::from_utf8(out.stdout).unwrap()
}

fn main() {
    let args: Vec<String> = env::args().collect();
    if args[1] == "__double-spawn" {
        panic!("{}", Command::new(&args[3]).args(args[4].split(' ')).exec());
    }
    let build = ["test", "--no-run", "--message-format", "json"];
    let built = output(Command::new("cargo").args(build).args(&args[3..]));
    let mut running = Vec::new();
    for line in built.lines() {
        // The last field of a line of cargo's that has a program.
        let program = match line.split("\"executable\":\"").nth(1) {
            Some(rest) => rest.split('"').next().unwrap().to_string(),
            None => continue,
        };
        let list = output(&mut test(&program, "--list --format terse"));
        for name in list.lines().filter_map(|l| l.strip_suffix(": test")) {
            let mut one = test(&program, &format!("{} --exact --nocapture", name));
            running.push(thread::spawn(move || one.status().unwrap().success()));
        }
    }
    let all = running.len();
    let passed = running
        .into_iter()
        .map(|t| t.join().unwrap())
        .filter(|p| *p)
        .count();
    println!("{} tests run: {} passed", all, passed);
    exit(if passed == all { 0 } else { 100 });
}
