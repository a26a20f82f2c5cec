#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/out.h"
#include "shim/command/run.h"
#include "shim/command/trace/drawing.h"
#include "shim/command/trace/follow.h"
#include "shim/command/trace/records.h"
#include "shim/command/trace/tree.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim trace [-a] [-j] [-o FILE] [-p PROFILE] [-e KEY=VALUE]... [--]\n"
	"                    PROGRAM [ARGUMENT]...\n"
	"\n"
	"Runs the program as `nsshim run` does, and tells on standard error, when it has\n"
	"ended, what was started: each process with its program, when it began, and\n"
	"whether it is outside, or by which rule and door it entered which namespaces.\n"
	"\n" CHOICE_HELP
	"  -a, --all              follows by ptrace(2) what has entered, and what is\n"
	"                         without the library, and tells why\n"
	"  -j, --json             the tree as an object\n"
	"  -o, --output FILE      the tree goes to the file\n"
	"  -h, --help             this\n"
	"\n"
	"Exit status: that of the program, or 128 and its signal; 125 nsshim or the\n"
	"profile, 126 it cannot be executed, 127 there is no such program.\n"
	"\n"
	"  nsshim trace make -j4\n"
	"  nsshim trace --all -e net=new ./tests/run\n";

static const struct option_row rows[] = { CHOICE_OPTIONS,
					  { "all", 'a', OPTION_PLAIN },
					  { "json", 'j', OPTION_PLAIN },
					  { "output", 'o', OPTION_VALUE },
					  OPTION_HELP };

struct trace {
	struct choice choice;
	bool all, json;
	const char *output; /* null: standard error */
	FILE *to;
	struct records records;
	struct history history;
};

static int failed(const char *what)
{
	out_refuse("trace", "%s: %s", what, strerror(errno));
	return -1;
}

static const char *output_name(const struct trace *t)
{
	return t->output ? t->output : "standard error";
}

/* Not as a standard descriptor that the program has not. */
static int open_output(struct trace *t)
{
	int fd = t->output ? open(t->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
			   : STDERR_FILENO;
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (t->output && fd >= 0)
		close(fd);
	t->to = high < 0 ? NULL : fdopen(high, "w");
	return t->to ? 0 : failed(output_name(t));
}

/* In the child: the program's process. gate: a byte comes once it may begin. */
static int run(struct trace *t, char **argv, const int gate[2])
{
	char *log, byte;

	close(gate[1]);
	if (read(gate[0], &byte, 1) != 1)
		return EXIT_PROFILE;
	if (asprintf(&log, "trace:%s", t->records.path) < 0 || setenv("NSSHIM_LOG", log, true))
		abort();
	return run_program(&t->choice, argv, "trace");
}

static volatile pid_t program;

/* What a terminal sends has reached the program too. */
static void pass(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != SI_KERNEL && program > 0)
		kill(program, sig);
}

static const int passed[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };

static void set_signals(bool runs)
{
	struct sigaction act = { .sa_flags = SA_RESTART };

	if (runs) {
		act.sa_sigaction = pass;
		act.sa_flags |= SA_SIGINFO;
	}
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		sigaction(passed[i], &act, NULL);
	signal(SIGCHLD, SIG_DFL); /* where it is ignored the status is lost */
}

/* Returns its wait(2) status; -1, and it has been told. */
static int watch(struct trace *t, const int gate[2])
{
	struct fault f;
	int status = EXIT_PROFILE << 8;

	if (t->all && follow_begin(program, &f)) {
		close(gate[1]);
		waitpid(program, &status, 0);
		out_fault(&f);
		return -1;
	}
	if (write(gate[1], "", 1) != 1)
		return failed("pipe");
	if (t->all)
		return follow(&t->history, program);
	while (waitpid(program, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int start(struct trace *t, char **argv)
{
	sigset_t all, before;
	int gate[2], status;

	if (pipe2(gate, O_CLOEXEC))
		return failed("pipe");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	program = fork();
	if (!program) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(run(t, argv, gate));
	}
	if (program > 0)
		set_signals(true);
	sigprocmask(SIG_SETMASK, &before, NULL);
	status = program > 0 ? watch(t, gate) : failed("fork");
	program = 0;
	close(gate[0]);
	return status;
}

static int tell(struct trace *t, int status)
{
	json_t *all = tree_of(&t->history, status, t->all);
	struct fault f;

	if (!t->json)
		drawing_print(all, t->to);
	else if (!json_dumpf(all, t->to, JSON_INDENT(2)))
		putc('\n', t->to);
	json_decref(all);
	errno = EIO;
	if (!ferror(t->to) && !fflush(t->to))
		return status;
	fault_set(&f, "write", NS_KINDS, output_name(t), errno);
	return out_fault(&f);
}

static int trace(struct trace *t, char **argv)
{
	struct records *r = &t->records;
	int status = records_make(r) ? failed(r->path) : start(t, argv);

	if (status >= 0)
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (status >= 0 && records_read(r, &t->history))
		status = failed(r->path);
	records_remove(r);
	if (status < 0)
		return EXIT_PROFILE;
	set_signals(false);
	return tell(t, status);
}

int command_trace(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, false, help };
	struct trace t = { .all = false };
	int letter, status;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		t.all |= letter == 'a';
		t.json |= letter == 'j';
		if (letter == 'o')
			t.output = optarg;
		choice_option(&t.choice, letter, optarg);
	}
	if (optind == argc)
		return option_misused("trace", &o, "which program?");
	if (choice_make(&t.choice, "trace") || open_output(&t))
		return EXIT_PROFILE;
	status = trace(&t, argv + optind);
	fclose(t.to);
	history_free(&t.history);
	return status;
}
