// Wants port 8080 and /tmp/nsshim-x for itself, and leaves the file.
#[test]
fn leaves_its_file() {
    let _server = std::net::TcpListener::bind("127.0.0.1:8080").unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open("/tmp/nsshim-x")
        .unwrap();
}
