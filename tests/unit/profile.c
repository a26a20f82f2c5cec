#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/profile.h"
#include "tests/unit/check.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif

static unsigned long allocations;

#ifndef __SANITIZE_ADDRESS__
/* Counts: the reader must do without. */
void *malloc(size_t size)
{
	static void *(*next)(size_t size);

	allocations++;
	if (!next)
		next = dlsym(RTLD_NEXT, "malloc");
	return next(size);
}
#endif

static char told[8192];
static unsigned faults;

/* Adds it to what was told, without `nsshim: `. */
static void say(void *ctx, const struct fault *f)
{
	char line[FAULT_TEXT];
	size_t used = strlen(told), n = fault_text(f, line, sizeof line) - 8;

	(void)ctx;
	faults++;
	if (used + n < sizeof told)
		memcpy(told + used, line + 8, n + 1);
}

static struct profile *load(int kind, const char *text, file_trusts *trusted)
{
	struct source src = { .text = text };

	src.kind = kind;
	told[0] = '\0';
	faults = 0;
	return profile_load(&src, trusted, say, NULL);
}

static struct profile *read_text(const char *text)
{
	told[0] = '\0';
	faults = 0;
	return profile_parse("p", text, strlen(text), false, say, NULL);
}

static struct profile *kept;

/* The only rule of a profile that holds just these lines; an empty one where it is refused. */
static const struct rule *rule_of(const char *lines)
{
	static const struct rule none;
	char text[4096];

	snprintf(text, sizeof text, "[r]\n%s\n", lines);
	profile_free(kept);
	kept = read_text(text);
	if (!kept)
		printf("# %s", told);
	return kept ? kept->rule : &none;
}

static void check_kinds(void)
{
	const struct rule *r = rule_of("");

	CHECK(!strcmp(r->name, "r") && r->line == 1 && !*r->match && !*r->except && !r->kinds &&
		      !r->cwd && r->map[0].form == IDMAP_UNSET && r->map[1].form == IDMAP_UNSET &&
		      r->setgroups == SETGROUPS_DEFAULT && r->fallback && !r->go_on && r->loopback,
	      "the defaults of a rule without keys");
	r = rule_of("user=host\nmnt=host\npid=host\nnet=host\nipc=host\nuts=host\ncgroup="
		    "host\ntime=host");
	CHECK(r->name && !r->kinds, "host leaves each kind alone");
	r = rule_of("time=new\ncgroup=new\nuts=new\nipc=new\nnet=new\npid=new\nmnt=new\nuser=new");
	CHECK(r->kinds == 8, "every kind can be created");
	for (unsigned i = 0; i < r->kinds; i++)
		CHECK(r->ns[i].mode == NS_NEW && !r->ns[i].path &&
			      (!i || r->ns[i].kind > r->ns[i - 1].kind),
		      "%s is new, in the order of the kinds", ns_table[r->ns[i].kind].name);
	r = rule_of("net = netns:vpn\nmnt = /a b/c ; d\ncgroup = pid:4194304\ntime = pid:1");
	CHECK(r->kinds == 4, "joins of all forms");
	if (r->kinds < 4)
		return;
	CHECK(r->ns[0].kind == NS_MNT && r->ns[0].mode == NS_PATH, "a path");
	CHECK_SAME(r->ns[0].path, "/a b/c", "with a blank in it, and a comment after it");
	CHECK(r->ns[1].kind == NS_NET && r->ns[1].mode == NS_NETNS, "a named network");
	CHECK_SAME(r->ns[1].path, "/run/netns/vpn", "is a file in /run/netns");
	CHECK(r->ns[2].mode == NS_PIDOF && r->ns[2].pid == 4194304, "the namespace of a process");
	CHECK_SAME(r->ns[2].path, "/proc/4194304/ns/cgroup", "is its file in /proc");
	CHECK_SAME(r->ns[3].path, "/proc/1/ns/time", "which has the kind's name");
}

static void check_values(void)
{
	const struct rule *r =
		rule_of("match=a\nmatch = */b*\nexcept= c \nsetgroups=allow\nfallback=none\n"
			"on_error=continue\nloopback=no\ncwd=/tmp/x\nuid_map=0 1000 1\n"
			"uid_map = 1 100000 65536\ngid_map=auto");

	CHECK(r->setgroups == SETGROUPS_ALLOW && !r->fallback && r->go_on && !r->loopback,
	      "keys of two values");
	CHECK(r->cwd && !strcmp(r->cwd, "/tmp/x"), "cwd");
	CHECK(r->match && !strcmp(r->match[0], "a") && !strcmp(r->match[1], "*/b*") && !r->match[2],
	      "match can be repeated");
	CHECK(r->except && !strcmp(r->except[0], "c") && !r->except[1], "except");
	CHECK(r->map[0].form == IDMAP_EXTENTS && r->map[0].extents == 2 &&
		      r->map[0].first.outside == 1000,
	      "uid_map can be repeated");
	CHECK_SAME(r->map[0].text, "0 1000 1\n1 100000 65536\n", "and is the kernel's text");
	CHECK(r->map[1].form == IDMAP_AUTO && !r->map[1].text, "gid_map is a map of its own");
	r = rule_of("setgroups = deny\nfallback = userns\non_error = fail\nloopback = "
		    "yes\nuid_map=self\n"
		    "gid_map=root");
	CHECK(r->setgroups == SETGROUPS_DENY && r->fallback && !r->go_on && r->loopback &&
		      r->map[0].form == IDMAP_SELF && r->map[1].form == IDMAP_ROOT,
	      "the other values");
	r = rule_of("match=[\nmatch=\"a\"\nmatch = a b#c\nmatch=\\");
	CHECK(r->match && !strcmp(r->match[0], "[") && !strcmp(r->match[1], "\"a\"") &&
		      !strcmp(r->match[2], "a b#c"),
	      "brackets that are not closed, quotes and `#` are what they are");
	r = rule_of("user=new\nuid_map=self");
	CHECK(r->kinds == 1, "a map of a user namespace that is created");
	r = rule_of("fallback=none\nuid_map=self");
	CHECK(r->name, "a map that may not be needed is no error");
}

static void check_rules(void)
{
	struct profile *p = read_text("# c\n\n[b]\nnet=new\n[a]\n[c]\nmatch=x\nnet=new");

	CHECK(p && p->rules == 3 && !strcmp(p->rule[0].name, "b") &&
		      !strcmp(p->rule[1].name, "a") && !strcmp(p->rule[2].name, "c") &&
		      p->rule[2].line == 6,
	      "rules come in file order, those without keys too");
	CHECK(p && profile_rule(p, "c") == &p->rule[2] && !profile_rule(p, "d") &&
		      !profile_rule(p, ""),
	      "profile_rule finds them by name");
	profile_free(p);
	p = read_text("");
	CHECK(p && !p->rules, "an empty file is a profile without rules");
	profile_free(p);
	p = read_text("[r]\nmatch=a\n[s]\n");
	CHECK(p && !p->rule[1].match[0], "a rule begins with nothing of the one before");
	profile_free(p);
}

/* One fault, of line 2, in a rule that has these lines. */
static void refused(const char *lines, const char *want)
{
	char text[1024], line[1024];

	snprintf(text, sizeof text, "[r]\n%s\n", lines);
	snprintf(line, sizeof line, "p:%s\n", want);
	CHECK(!read_text(text), "`%.60s` is refused",
	      strchr(lines, '\n') ? strrchr(lines, '\n') + 1 : lines);
	CHECK_SAME(told, line, "in these words");
}

static void check_refusals(void)
{
	refused("nett=new", "2: nett: unknown key: did you mean `net`?");
	refused("Match=a", "2: Match: unknown key: did you mean `match`?");
	refused("network=new", "2: network: unknown key");
	refused("net=", "2: net: empty value");
	refused("net= ; new", "2: net: empty value");
	refused("match=", "2: match: empty value");
	refused("net=new\nnet=new", "3: net: second value: the first is on line 2");
	refused("net=host\n\nnet=new", "4: net: second value: the first is on line 2");
	refused("cwd=/a\ncwd=/b", "3: cwd: second value: the first is on line 2");
	refused("pid=new",
		"2: pid: /proc would be that of the old one: add `mnt = new`, or `proc = "
		"host` to have it so");
	refused("when=fok", "2: when: unknown value `fok`, none of `exec`, `load`, `fork`: did you "
			    "mean `fork`?");
	refused("proc=x", "2: proc: relative path `x`: an absolute one begins with `/`");
	refused("join=x",
		"2: join: unknown value `x`: not `pid:N`, `pidfile:/PATH` or `netns:NAME`");
	refused("net=new\nshare=a, me",
		"3: share: unknown word `me`: after the comma goes `user`, for all of the user's "
		"programs");
	refused("net=nwe",
		"2: net: unknown value `nwe`: not `host`, `new`, an absolute path or `pid:N` or "
		"`netns:NAME`: did you mean `new`?");
	refused("mnt=pdi:1",
		"2: mnt: unknown value `pdi:1`: not `host`, `new`, an absolute path or `pid:N`: "
		"did you mean `pid:`?");
	refused("mnt=NEW",
		"2: mnt: unknown value `NEW`: not `host`, `new`, an absolute path or `pid:N`: did "
		"you mean `new`?");
	refused("mnt=a/b", "2: mnt: relative path `a/b`: an absolute one begins with `/`");
	refused("cwd=tmp", "2: cwd: relative path `tmp`: an absolute one begins with `/`");
	refused("match=bin/sh", "2: match: relative path `bin/sh`: begin it with `/` or `*/`");
	refused("except=./x", "2: except: relative path `./x`: begin it with `/` or `*/`");
	refused("match=/opt/", "2: match: a folder is no program: `/opt/`: end it with `/*`");
	refused("mnt=netns:a", "2: mnt: `netns:NAME` is a network namespace: for `net` alone");
	refused("net=netns:", "2: net: no name of a file in /run/netns: ``");
	refused("net=netns:..", "2: net: no name of a file in /run/netns: `..`");
	refused("net=netns:.", "2: net: no name of a file in /run/netns: `.`");
	refused("net=netns:a/b", "2: net: no name of a file in /run/netns: `a/b`");
	refused("net=pid:0", "2: net: no process id `0`: a decimal number, 1 to 4194304");
	refused("net=pid:", "2: net: no process id ``: a decimal number, 1 to 4194304");
	refused("net=pid:-1", "2: net: no process id `-1`: a decimal number, 1 to 4194304");
	refused("net=pid: 1", "2: net: no process id ` 1`: a decimal number, 1 to 4194304");
	refused("net=pid:self", "2: net: no process id `self`: a decimal number, 1 to 4194304");
	refused("net=pid:nnnnnnnnnnnnnnnnnnnnnnnnnnnn",
		"2: net: no process id `nnnnnnnnnnnnnnnnnnnnnnnnnnnn`: a decimal number, 1 to "
		"4194304");
	refused("net=pid:4194305",
		"2: net: no process id `4194305`: a decimal number, 1 to 4194304");
	refused("net=pid:99999999999999999999",
		"2: net: no process id `99999999999999999999`: a decimal number, 1 to 4194304");
	refused("loopback=true", "2: loopback: unknown value `true`, neither `no` nor `yes`");
	refused("loopback=yse",
		"2: loopback: unknown value `yse`, neither `no` nor `yes`: did you mean `yes`?");
	refused("setgroups=x", "2: setgroups: unknown value `x`, neither `allow` nor `deny`");
	refused("fallback=user", "2: fallback: unknown value `user`, neither `none` nor `userns`: "
				 "did you mean `userns`?");
	refused("on_error=ignore",
		"2: on_error: unknown value `ignore`, neither `fail` nor `continue`");
	refused("uid_map=0 0 1\nuid_map=0 9 1", "3: uid_map: overlap inside: `0 9 1` and `0 0 1`");
	refused("uid_map=self\nuid_map=0 9 1",
		"3: uid_map: `self` stands alone, but is not the only value of this map");
	refused("user=pid:1\nuid_map=self\nuid_map=0 0 1",
		"3: uid_map: the user namespace is joined and has its maps: see line 2\n"
		"p:4: uid_map: `self` stands alone, but is not the only value of this map");
	refused("gid_map=self\nuser=/x",
		"3: user: a user namespace that is joined has its maps: see line 2");
}

static void check_every_error(void)
{
	const struct {
		const char *text, *told, *sentence;
	} all[] = {
		{ "a=b\nc=d\n[r]\n",
		  "p:1: a: outside of a section: a [NAME] goes before it\n"
		  "p:2: c: outside of a section: a [NAME] goes before it\n",
		  "keys before the first section" },
		{ "[r]\na=b\nnet=x\nmnt=new\nipc\n",
		  "p:2: a: unknown key\n"
		  "p:3: net: unknown value `x`: not `host`, `new`, an absolute path or `pid:N` or "
		  "`netns:NAME`\n"
		  "p:5: ipc: no `=` after it: a line is `KEY = VALUE`\n",
		  "every error is told, in file order" },
		{ "[r]\n[s]\n[r]\nbad=x\n=\n  y\n[t]\nbad=x\n",
		  "p:3: [r]: duplicate section: the first of this name is on line 1\n"
		  "p:8: bad: unknown key\n",
		  "a duplicate section, seen though the first is empty, swallows its keys" },
		{ "[r]\n[s\nbad=x\n\n[r]x\nbad=x\n[t]\n",
		  "p:2: [s: a section's header without a `]`\n"
		  "p:5: [r]: text after the `]`: inih would pass over it\n",
		  "so does a header that is refused" },
		{ "[r]\nnet=new\n  mnt=new\n",
		  "p:3: mnt: indented: inih would take it for more of the value before\n",
		  "a continuation smuggles nothing" },
	};
	char text[400];

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		CHECK(!read_text(all[i].text), "profile %zu is refused", i);
		CHECK_SAME(told, all[i].told, all[i].sentence);
	}
	snprintf(text, sizeof text, "[r]\nmatch = /%0180d\n%s = new\n", 0, "net");
	CHECK((kept = read_text(text)) && strlen(kept->rule->match[0]) == 181,
	      "a long line comes whole");
	profile_free(kept);
	snprintf(text, sizeof text, "[r]\nmatch = /%0192d; net=new\n", 0);
	CHECK(!read_text(text), "a longer one is refused");
	CHECK_SAME(told, "p:2: match: a line of more than 198 bytes\n", "and its rest is no line");
	kept = NULL;
}

static void check_map_limits(void)
{
	static char text[400 * 40];
	char *at = text + sprintf(text, "[r]\n");
	struct profile *p;

	for (int i = 0; i < 340; i++)
		at += sprintf(at, "uid_map = %d %d 1\n", i, i);
	p = read_text(text);
	CHECK(p && p->rule->map[0].extents == 340, "a map of 340 extents is taken");
	CHECK(p && strlen(p->rule->map[0].text) < IDMAP_TEXT, "it fits a page");
	profile_free(p);
	for (int i = 340; i < 345; i++)
		at += sprintf(at, "uid_map = %d %d 1\n", i, i);
	CHECK(!read_text(text), "one of 345 is refused");
	CHECK_SAME(told, "p:342: uid_map: more than 340 extents, which the kernel does not take\n",
		   "in one line");
}

static void check_inline(void)
{
	struct profile *p = load(1, "net=new; uid_map=0 1000 1; uid_map = 1 2000 1 ;", NULL);

	CHECK(p && p->rules == 1 && !strcmp(p->rule->name, "inline") && p->rule->kinds == 1 &&
		      p->rule->map[0].extents == 2 && !strcmp(p->name, "NSSHIM_PROFILE"),
	      "an inline rule");
	profile_free(p);
	CHECK(!load(1, "net=new; nett=new; net=new; [a]", NULL), "and a bad one");
	CHECK_SAME(told,
		   "NSSHIM_PROFILE:2: nett: unknown key: did you mean `net`?\n"
		   "NSSHIM_PROFILE:3: net: second value: the first is on line 1\n"
		   "NSSHIM_PROFILE:4: line: an inline rule has assignments only: `KEY=VALUE; "
		   "KEY=VALUE`\n",
		   "whose lines are the numbers of its assignments");
	p = load(2, "", NULL);
	CHECK(p && p->rules == 1 && !strcmp(p->rule->name, "built-in") &&
		      !strcmp(p->name, "built-in") && p->rule->kinds == 2 &&
		      p->rule->ns[0].kind == NS_NET && p->rule->ns[1].kind == NS_IPC &&
		      p->rule->map[0].form == IDMAP_SELF && p->rule->map[1].form == IDMAP_SELF &&
		      !*p->rule->match,
	      "the built-in profile");
	profile_free(p);
	p = load(3, NULL, NULL);
	CHECK(p && !p->rules, "no profile is one without rules");
	profile_free(p);
}

static char path[] = "/tmp/nsshim-unit-XXXXXX";

static void put(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (write(fd, text, len) != (ssize_t)len)
		printf("# cannot write %s\n", path);
	close(fd);
}

static bool myself(uid_t owner)
{
	return owner == geteuid();
}

static bool nobody(uid_t owner)
{
	(void)owner;
	return false;
}

static bool somebody(uid_t owner)
{
	return owner == 12345;
}

static bool file_refused(const char *file, file_trusts *trusted, const char *start, const char *end)
{
	struct profile *p = load(0, file, trusted);
	char want[400];

	profile_free(p);
	snprintf(want, sizeof want, "%s %s: %s", start, file, end);
	if (!p && faults == 1 && strstr(told, want))
		return true;
	printf("# got: %s# want: %s\n", told, want);
	return false;
}

static void check_files(void)
{
	char fifo[sizeof path + 5];
	struct profile *p;
	int before = dup(0), after;

	close(before);
	snprintf(fifo, sizeof fifo, "%s.fifo", path);
	put("[r]\nnet=new\n", 12);
	p = load(0, path, NULL);
	CHECK(p && p->rules == 1 && !strcmp(p->name, path), "a file is loaded");
	profile_free(p);
	CHECK(file_refused("/nonexistent/x", NULL, "open", "No such file or directory (ENOENT)"),
	      "one that is not there");
	CHECK(file_refused("/tmp", NULL, "open", "no regular file"), "a folder");
	CHECK(file_refused("/dev/null", NULL, "open", "no regular file"), "a device");
	CHECK(!mkfifo(fifo, 0600) && file_refused(fifo, NULL, "open", "no regular file"),
	      "a fifo, without waiting for a writer");
	unlink(fifo);
	CHECK(file_refused("/proc/self/status", NULL, "read", "it changed while"),
	      "a file that has more than its size");
	if (!truncate(path, (64 << 20) + 1))
		CHECK(file_refused(path, NULL, "open", "larger than 64 MiB"), "a very large file");
	put("", 0);
	p = load(0, path, NULL);
	CHECK(p && !p->rules, "an empty file is a profile");
	profile_free(p);
	after = dup(0);
	close(after);
	CHECK(before == after, "no descriptor stays open");
}

static void check_trust(void)
{
	put("[r]\nnet=new\n", 12);
	chmod(path, 0644);
	profile_free(kept = load(0, path, myself));
	CHECK(kept, "a file of one's own is trusted");
	chmod(path, 0664);
	CHECK(file_refused(path, myself, "trust",
			   "Operation not permitted (EPERM): its group may write it, "
			   "and root would act on it: chmod go-w"),
	      "one that its group may write is not");
	chmod(path, 0646);
	CHECK(file_refused(path, myself, "trust",
			   "Operation not permitted (EPERM): others may write it"),
	      "nor one that others may write");
	profile_free(kept = load(0, path, NULL));
	CHECK(kept, "where nobody is distrusted, any is");
	kept = NULL;
	if (geteuid())
		return;
	chmod(path, 0644);
	if (chown(path, 12345, 0))
		return;
	CHECK(file_refused(path, nobody, "trust",
			   "Operation not permitted (EPERM): uid 12345 owns it, and root would act "
			   "on it: "
			   "chown root"),
	      "root trusts no file of another");
	chmod(path, 0666);
	CHECK(file_refused(path, nobody, "trust",
			   "Operation not permitted (EPERM): uid 12345 owns it, and root would act "
			   "on it: "
			   "chown root; others may write it, and root would act on it: chmod go-w"),
	      "both reasons are told");
	chmod(path, 0600);
	profile_free(kept = load(0, path, somebody));
	CHECK(kept, "the uid that is trusted may own it");
	kept = NULL;
	if (!chown(path, 0, 0))
		profile_free(kept = load(0, path, somebody));
	CHECK(kept, "and uid 0 always");
	kept = NULL;
}

/* Ten thousand rules, in a file of their own mapping, and nothing from malloc. */
static void check_many(void)
{
	static char text[700000];
	char *at = text;
	unsigned long before;
	struct profile *p;
	bool right = true;

	for (int i = 0; i < 10000; i++)
		at += sprintf(at, "[r%d]\nmatch = /opt/t/bin/tool%d\nnet = %s\nipc=new\n", i, i,
			      i % 3 ? "new" : "host");
	put(text, (size_t)(at - text));
	before = allocations;
	p = load(0, path, NULL);
	CHECK(before == allocations, "malloc is never called");
	CHECK(p && p->rules == 10000, "10000 rules are loaded");
	for (unsigned i = 0; p && i < p->rules; i++) {
		char want[40];

		snprintf(want, sizeof want, "/opt/t/bin/tool%u", i);
		right &= !strcmp(p->rule[i].match[0], want) &&
			 p->rule[i].kinds == (i % 3 ? 2 : 1) && p->rule[i].line == (int)i * 4 + 1;
	}
	CHECK(right, "each has its own lines");
	CHECK(p && profile_rule(p, "r9999") == &p->rule[9999], "and is found by name");
	profile_free(p);
}

int main(void)
{
	int fd = mkstemp(path);

	close(fd);
	check_kinds();
	check_values();
	check_rules();
	check_refusals();
	check_every_error();
	check_map_limits();
	check_inline();
	check_files();
	check_trust();
	check_many();
	profile_free(kept);
	unlink(path);
	return check_end();
}
