#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/install.h"
#include "shim/command/out.h"
#include "shim/command/run.h"
#include "shim/format.h"
#include "shim/image.h"
#include "shim/library.h"
#include "shim/loads.h"
#include "shim/search.h"
#include "shim/state.h"
#include "shim/sys.h"

extern char **environ;

static const char help[] =
	"usage: nsshim run [-p PROFILE] [-e KEY=VALUE]... [--] PROGRAM [ARGUMENT]...\n"
	"\n"
	"Executes the program with libnsshim.so preloaded: what it starts, and a rule\n"
	"of the profile fits, enters namespaces. The program itself stays outside,\n"
	"unless a rule has `when = load`; `nsshim exec` has it inside.\n"
	"\n" CHOICE_HELP "  -h, --help             this\n"
	"\n"
	"Exit status: that of the program; 125 nsshim or the profile, 126 it cannot\n"
	"be executed, 127 there is no such program.\n"
	"\n"
	"  nsshim run make -j4\n"
	"  nsshim run -p own-net make check\n"
	"  nsshim run -e 'match=curl' -e net=netns:vpn bash\n";

struct start {
	struct target target;
	const char *library, *command;
	bool refused; /* it would not load the library */
};

/* A text that no #! begins is read by the shell, which loads it. */
static bool is_text(const char *path)
{
	struct format format = { .kind = FORMAT_FOREIGN };
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0)
		format_read(&format, fd);
	sys_close(fd);
	return format.kind == FORMAT_OTHER;
}

/*
 * By the system call itself: where this command runs in a wrapped program's tree, the library in it
 * would take the program for one of that tree's.
 */
static int execute(void *ctx, const char *path, bool *stop)
{
	struct start *s = ctx;
	struct target t = s->target;
	int err;

	t.path = path;
	err = target_check(&t, false);
	if (err)
		return err;
	if (!loads(&t, s->library) && !install_serves(s->library, &t) && !is_text(path)) {
		out_refuse(s->command,
			   "%s would not load the library (statically linked, of another machine "
			   "than any that is installed, set-user-ID or not readable), and what it "
			   "starts would be outside: see nsshim exec",
			   path);
		s->refused = *stop = true;
		return ENOTSUP;
	}
	return target_execute(&t, t.envp);
}

static void put(const char *name, const char *value)
{
	if (value && setenv(name, value, true))
		abort();
}

/* A tree of its own begins: nothing of one that this command is in is left but what the user set. */
static void prepare(const char *value, const char *library)
{
	const char *log = env_value(environ, "NSSHIM_LOG");
	char name[PATH_MAX];
	const char *other;
	char *all;

	if (library_by_word(library, LIBWORD, name))
		library = name; /* for programs of each kind that it comes to start */
	env_strip(environ);
	other = env_value(environ, "LD_PRELOAD");
	if (asprintf(&all, "%s%s%s", library, other && *other ? ":" : "", other ? other : "") < 0)
		abort();
	put("LD_PRELOAD", all);
	put("NSSHIM_LOG", log);
	put("NSSHIM_PROFILE", value);
	free(all);
}

static int start(char **argv, const char *library, const char *command)
{
	struct start s = { .library = library, .command = command };
	int err;

	s.target = (struct target){
		.dirfd = AT_FDCWD, .path = argv[0], .shell = true, .argv = argv, .envp = environ
	};
	err = search(env_value(environ, "PATH"), argv[0], execute, &s);
	if (s.refused)
		return EXIT_PROFILE;
	out_refuse(command, "%s: %s", argv[0], strerror(err));
	return image_status(err);
}

int run_program(struct choice *c, char **argv, const char *command)
{
	char library[PATH_MAX];

	if (choice_make(c, command) || install_library(library, command))
		return EXIT_PROFILE;
	prepare(c->value, library);
	return start(argv, library, command);
}

int command_run(int argc, char **argv)
{
	struct choice c = { 0 };
	int status;

	if (!choice_program(&c, argc, argv, help, &status))
		return status;
	return run_program(&c, argv + optind, "run");
}
