#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "shim/command/command.h"
#include "shim/command/json.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/sets/crowd.h"
#include "shim/sets/sets.h"
#include "shim/state.h"

struct set {
	char text[512]; /* the holder's answer, taken apart */
	char *name, *kinds;
	unsigned members, tree;
	unsigned long age;
};

typedef void each_set(const struct set *set, json_t *all);

static bool take_apart(struct set *set)
{
	char *rest = set->text;

	set->name = strsep(&rest, "\t");
	set->kinds = strsep(&rest, "\t");
	return rest && sscanf(rest, "%u\t%lu\t%u", &set->members, &set->age, &set->tree) == 3;
}

/* 1: it has answered; 0: nobody is there; -1 and *f. */
static int ask(const struct sockaddr_un *at, char request, struct set *set, struct fault *f)
{
	const struct timeval patience = { .tv_sec = 5 };
	struct ucred peer;
	socklen_t size = sizeof peer;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ssize_t n = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (fd < 0 || connect(fd, (const struct sockaddr *)at, sizeof *at) ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size)) {
		fault_set(f, "connect", NS_KINDS, at->sun_path, errno);
	} else if (peer.uid != geteuid()) {
		fault_set(f, "connect", NS_KINDS, at->sun_path, EPERM);
		fault_why(f, "another user listens there");
	} else if (send(fd, &request, 1, MSG_NOSIGNAL) == 1) {
		n = recv(fd, set->text, sizeof set->text - 1, MSG_WAITALL);
		fault_set(f, "recv", NS_KINDS, at->sun_path, n < 0 ? errno : EPROTO);
	} else {
		fault_set(f, "send", NS_KINDS, at->sun_path, errno);
	}
	close(fd);
	if (n > 0) {
		set->text[n] = '\0';
		return take_apart(set) ? 1 : -1;
	}
	return f->err == ECONNREFUSED || f->err == ENOENT || f->err == EPIPE ||
			       f->err == ECONNRESET || n == 0
		       ? 0
		       : -1;
}

static int told(const struct fault *f)
{
	fault_write(f, STDERR_FILENO);
	return EXIT_PROFILE;
}

/* Asks the holders of all sets, or of those of one name. Returns how many answered; -1: told. */
static int ask_all(const char *name, char request, each_set *each, json_t *all)
{
	char place[4096];
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct sockaddr_un at;
	struct dirent *entry;
	struct set set;
	struct fault f = { 0 };
	int count = 0, bad = 0, there;
	DIR *dir;

	snprintf(place, sizeof place, "0.0:%s", runtime && runtime[0] == '/' ? runtime : "");
	there = sets_find(at.sun_path, place, &f);
	if (!there)
		return 0;
	dir = there < 0 ? NULL : opendir(at.sun_path);
	if (!dir && there > 0)
		fault_set(&f, "opendir", NS_KINDS, at.sun_path, errno);
	if (!dir) {
		told(&f);
		return -1;
	}
	while ((entry = readdir(dir))) {
		const char *end = strchr(entry->d_name, '@');
		size_t len = end ? (size_t)(end - entry->d_name) : 0;
		int r;

		if (entry->d_name[0] == '.' || !end ||
		    (name && (strlen(name) != len || strncmp(name, entry->d_name, len) != 0)))
			continue;
		r = sets_address(&at, place, entry->d_name, &f) ? -1 : ask(&at, request, &set, &f);
		if (r < 0)
			bad = told(&f);
		count += r > 0;
		if (r > 0)
			each(&set, all);
	}
	closedir(dir);
	return bad ? -1 : count;
}

static void print(const struct set *set, json_t *none)
{
	char whose[24] = "user";

	(void)none;
	if (set->tree)
		snprintf(whose, sizeof whose, "%u", set->tree);
	printf("%-20s %-24s %7u %8lus %s\n", set->name, set->kinds, set->members, set->age, whose);
}

static void add(const struct set *set, json_t *all)
{
	json_t *one = json_object(), *kinds = json_array();
	char *rest = set->kinds, *kind;

	while ((kind = strsep(&rest, ",")))
		json_add(kinds, json_text(kind));
	json_put(one, "name", json_text(set->name));
	json_put(one, "kinds", kinds);
	json_put(one, "members", json_integer(set->members));
	json_put(one, "age", json_integer((json_int_t)set->age));
	json_put(one, "tree", set->tree ? json_integer(set->tree) : json_null());
	json_add(all, one);
}

static void say_dropped(const struct set *set, json_t *none)
{
	(void)none;
	printf("dropped %s (%s), which had %u member%s\n", set->name, set->kinds, set->members,
	       set->members == 1 ? "" : "s");
}

static const char help_list[] =
	"usage: nsshim list [--json]\n"
	"\n"
	"The live sets of rules with `share`, of this user: name, kinds, members, age,\n"
	"and whose they are, `user` or the process id of the wrapped program.\n"
	"\n"
	"  -j, --json  the same as an array of objects\n"
	"  -h, --help  this\n";

static const char help_drop[] =
	"usage: nsshim drop NAME\n"
	"\n"
	"Ends all sets of this name: who comes next makes a new one, and what is in\n"
	"the old one stays in it, but for a pid namespace, which ends.\n"
	"\n"
	"Exit status: 0; 1 there is none; 125 nsshim itself.\n";

static const struct option_row rows[] = { OPTION_HELP, { "json", 'j', OPTION_PLAIN } };

int command_list(int argc, char **argv)
{
	const struct options o = { rows, 2, true, help_list };
	json_t *all = NULL;
	int letter, n;

	while ((letter = option_next(argc, argv, &o, &n)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return n;
		all = all ? all : json_array();
	}
	if (optind < argc)
		return option_misused("list", &o, "it takes no argument");
	if (!all)
		printf("%-20s %-24s %7s %9s %s\n", "NAME", "KINDS", "MEMBERS", "AGE", "WHOSE");
	n = ask_all(NULL, CROWD_LIST, all ? add : print, all) < 0 ? EXIT_PROFILE : 0;
	return all ? json_end(all, n) : out_end(n);
}

int command_drop(int argc, char **argv)
{
	const struct options o = { rows, 1, true, help_drop };
	int n;

	if (option_next(argc, argv, &o, &n) != OPTION_END)
		return n;
	if (argc - optind != 1)
		return option_misused("drop", &o, "which set?");
	n = ask_all(argv[optind], CROWD_DROP, say_dropped, NULL);
	if (!n)
		out_refuse("drop", "there is no set `%s`: see nsshim list", argv[optind]);
	return out_end(n < 0 ? EXIT_PROFILE : !n);
}
