print "1..1\n", system("../want") ? "not ok 1\n" : "ok 1\n";
