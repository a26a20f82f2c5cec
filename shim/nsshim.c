#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/guess.h"
#include "conf/text.h"
#include "shim/command/command.h"
#include "shim/command/out.h"
#include "shim/compiler.h"
#include "shim/sets/holder.h"
#include "shim/image.h"
#include "shim/mapper.h"
#include "shim/monitor.h"
#include "shim/place.h"
#include "shim/sets/pool.h"
#include "shim/reexec.h"
#include "shim/sets/sets.h"
#include "shim/state.h"
#include "shim/stay.h"
#include "shim/sys.h"

/*
 * The command, and the helper image. Whose modes are the library's own, and no interface: it enters
 * in the place of a process that cannot (--enter), tries that out (--try), writes id maps (--map),
 * compiles filters (--filter), holds a set (--hold), makes some ahead (--pool), and watches a program
 * in its place (--monitor). They are looked for first: a program waits for them.
 */

static const char usage[] =
	"usage: nsshim COMMAND [ARGUMENT]...\n"
	"\n"
	"  run       a program, the library preloaded: what it starts enters namespaces\n"
	"  exec      a program, which enters itself\n"
	"  trace     as run, and tells what was started, and what it entered\n"
	"\n"
	"  check     profiles: every error, and what is likely not meant\n"
	"  explain   a program: which rule fits, and what the entry does and needs\n"
	"  doctor    this machine: what it has of all that is needed, and what helps\n"
	"\n"
	"  profiles  those that can be named\n"
	"  show      the text of one\n"
	"  import    what other tools were told, as a rule\n"
	"\n"
	"  list      the live sets of rules with `share`\n"
	"  drop      ends the sets of a name\n"
	"\n"
	"nsshim COMMAND --help tells of each, nsshim --version which this is.\n"
	"See nsshim(1), nsshim(5) for profiles, libnsshim(7) for the library.\n";

enum command {
	COMMAND_RUN,
	COMMAND_EXEC,
	COMMAND_TRACE,
	COMMAND_CHECK,
	COMMAND_EXPLAIN,
	COMMAND_DOCTOR,
	COMMAND_PROFILES,
	COMMAND_SHOW,
	COMMAND_IMPORT,
	COMMAND_LIST,
	COMMAND_DROP,
};

static const char commands[][12] = {
	[COMMAND_IMPORT] = "import", [COMMAND_PROFILES] = "profiles", [COMMAND_SHOW] = "show",
	[COMMAND_DOCTOR] = "doctor", [COMMAND_RUN] = "run",	      [COMMAND_EXEC] = "exec",
	[COMMAND_CHECK] = "check",   [COMMAND_EXPLAIN] = "explain",   [COMMAND_LIST] = "list",
	[COMMAND_DROP] = "drop",     [COMMAND_TRACE] = "trace",
};

/* Every signal is blocked, and stays so. */
_Noreturn static void monitor_main(char **arg)
{
	struct place place;

	place_none(&place);
	place.init = atoi(arg[STAY_INIT]);
	place.pipe = atoi(arg[STAY_PIPE]);
	sys_write_file(AT_FDCWD, MONITOR_FILTER, "0", 1);
	monitor(&place, atoi(arg[STAY_CHILD]));
}

static int unknown(const char *word)
{
	char line[256];
	struct text t = text_in(line, sizeof line);

	text_str(&t, "nsshim: there is no command `");
	text_str(&t, word);
	text_str(&t, "`");
	guess_tell(&t, WORDS(commands), word, strlen(word));
	text_plain(line, strlen(line));
	fprintf(stderr, "%s\n", line);
	fprintf(stderr, "nsshim --help shows them all\n");
	return EXIT_PROFILE;
}

static int command(int argc, char **argv)
{
	switch (words_find(WORDS(commands), argv[0])) {
	case COMMAND_RUN:
		return command_run(argc, argv);
	case COMMAND_EXEC:
		return command_exec(argc, argv);
	case COMMAND_TRACE:
		return command_trace(argc, argv);
	case COMMAND_CHECK:
		return command_check(argc, argv);
	case COMMAND_EXPLAIN:
		return command_explain(argc, argv);
	case COMMAND_DOCTOR:
		return command_doctor(argc, argv);
	case COMMAND_PROFILES:
		return command_profiles(argc, argv);
	case COMMAND_SHOW:
		return command_show(argc, argv);
	case COMMAND_IMPORT:
		return command_import(argc, argv);
	case COMMAND_LIST:
		return command_list(argc, argv);
	case COMMAND_DROP:
		return command_drop(argc, argv);
	}
	return unknown(argv[0]);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[REEXEC_MODE] : "";

	if (argc >= REEXEC_ARGV && (!strcmp(mode, "--enter") || !strcmp(mode, "--try")))
		return image_main(argv);
	if (argc == 6 && !strcmp(mode, "--map"))
		return mapper_main(argv + 2);
	if (argc == STAY_ARGS && !strcmp(mode, "--monitor"))
		monitor_main(argv);
	if (argc == SETS_ARGS && !strcmp(mode, "--hold"))
		return holder_main(argv);
	if (argc == SETS_ARGS && !strcmp(mode, "--pool"))
		return pool_main(argv);
	if (argc > COMPILER_NAMES && !strcmp(mode, "--filter"))
		return compiler_main(argv);
	if (!strcmp(mode, "--version"))
		return out_text("nsshim " VERSION "\n");
	if (!strcmp(mode, "--help") || !strcmp(mode, "-h"))
		return out_text(usage);
	if (argc > 1 && mode[0] != '-')
		return command(argc - 1, argv + 1);
	fputs(usage, stderr);
	return EXIT_PROFILE;
}
