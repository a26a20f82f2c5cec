#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/profile.h"
#include "conf/reader.h"
#include "shim/command/import/import.h"
#include "shim/command/import/unit/rule.h"
#include "shim/command/out.h"
#include "shim/state.h"

/* A line for a setting that says yes, or for the path that another one gives. */
static void put_namespaces(struct unit *u)
{
	static const struct {
		char key[16], path[21], kind[4];
	} all[] = {
		{ "PrivateNetwork", "NetworkNamespacePath", "net" },
		{ "PrivateIPC", "IPCNamespacePath", "ipc" },
		{ "ProtectHostname", "", "uts" },
		{ "PrivateMounts", "", "mnt" },
	};
	static const char flags[][8] = { "private", "slave", "shared" };
	const struct unit_line *l = NULL;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *path = all[i].path[0] ? unit_value(u, all[i].path) : NULL;
		bool own = unit_yes(u, all[i].key);

		if (path)
			written_line(u->w, all[i].kind, "%s", path);
		else if (own)
			written_line(u->w, all[i].kind, "new");
	}
	/* What is mounted outside later shows inside; systemd has it so unless told otherwise. */
	if (unit_choice(u, "MountFlags", WORDS(flags)) != 0)
		written_line(u->w, "propagation", "slave");
	while ((l = unit_next(u, "JoinsNamespaceOf", l)))
		unit_lost(u, l, "import that unit too, and say `share = NAME` in both rules");
}

/* As a pattern that fits no other path. */
static const char *literal(struct unit *u, const char *path)
{
	char *copy = (char *)unit_print(u, "%s%s", path, path), *to = copy;

	for (; *path; *to++ = *path++)
		if (strchr("*?[\\", *path))
			*to++ = '\\';
	*to = '\0';
	return copy;
}

/* [@][-][:][!][!!]PROGRAM ARGUMENT...; one with `+` has nothing to do with all the rest. */
static void put_command(struct unit *u, const struct unit_line *l)
{
	const char *at = l->value + strspn(l->value, "@-:+!|"), *word, *plus, *mark;
	size_t prefix = (size_t)(at - l->value);

	plus = memchr(l->value, '+', prefix);
	mark = memchr(l->value, '!', prefix);
	if (plus) {
		unit_lost(u, l, "it is outside of all that the unit says, and so fits no rule");
		return;
	}
	if (mark && mark[1] != '!')
		unit_lost(u, l, "`!`: here it has the ids of the unit");
	if (!unit_word(u, l, &at, &word))
		return;
	written_line(u->w, "match", "%s", literal(u, word));
	if (memchr(l->value, '@', prefix) && unit_word(u, l, &at, &word))
		written_line(u->w, "arg0", "%s", word);
	for (unsigned i = 1; unit_word(u, l, &at, &word); i++)
		written_note(u->w, "argument %u: %s", i, word);
}

/*
 * A command line wraps any program, and so the rules of others have no match; but a unit is that of
 * one program, and whoever starts that, a supervisor or a shell, is to start it so.
 */
static void put_commands(struct unit *u)
{
	const struct unit_line *l = NULL;

	while ((l = unit_next(u, "ExecStart", l)))
		put_command(u, l);
}

/* How the service is started, watched, stopped and logged; the program sees nothing of it. */
static const char managers[][28] = {
	"Type",
	"ExitType",
	"RemainAfterExit",
	"GuessMainPID",
	"PIDFile",
	"BusName",
	"ExecStartPre",
	"ExecStartPost",
	"ExecCondition",
	"ExecReload",
	"ExecStop",
	"ExecStopPost",
	"Restart",
	"RestartSec",
	"RestartSteps",
	"RestartMode",
	"RestartMaxDelaySec",
	"TimeoutStartSec",
	"TimeoutStopSec",
	"TimeoutAbortSec",
	"TimeoutSec",
	"TimeoutCleanSec",
	"TimeoutStartFailureMode",
	"TimeoutStopFailureMode",
	"RuntimeMaxSec",
	"RuntimeRandomizedExtraSec",
	"WatchdogSec",
	"WatchdogSignal",
	"SuccessExitStatus",
	"RestartPreventExitStatus",
	"RestartForceExitStatus",
	"NotifyAccess",
	"FileDescriptorStoreMax",
	"FileDescriptorStorePreserve",
	"OOMPolicy",
	"ReloadSignal",
	"KillMode",
	"KillSignal",
	"RestartKillSignal",
	"FinalKillSignal",
	"SendSIGHUP",
	"SendSIGKILL",
	"RootDirectoryStartOnly",
	"RemoveIPC",
	"RuntimeDirectoryPreserve",
	"RuntimeDirectoryMode",
	"StateDirectoryMode",
	"CacheDirectoryMode",
	"LogsDirectoryMode",
	"ConfigurationDirectoryMode",
	"CPUAccounting",
	"MemoryAccounting",
	"TasksAccounting",
	"IOAccounting",
	"IPAccounting",
	"SyslogIdentifier",
	"SyslogFacility",
	"SyslogLevel",
	"SyslogLevelPrefix",
	"LogLevelMax",
	"LogExtraFields",
	"LogRateLimitIntervalSec",
	"LogRateLimitBurst",
	"LogNamespace",
	"UtmpIdentifier",
	"UtmpMode",
	"StartLimitInterval",
	"StartLimitBurst",
	"StartLimitIntervalSec",
	"StartLimitAction",
};

static bool is_managers(const char *key)
{
	return words_find(WORDS(managers), key) >= 0;
}

/* A value that asks for nothing: what is so without it. */
static bool is_usual(const struct unit_line *l)
{
	static const struct {
		char key[20], value[9];
	} all[] = {
		{ "ProtectProc", "default" },	 { "ProcSubset", "all" },
		{ "KeyringMode", "inherit" },	 { "CPUSchedulingPolicy", "other" },
		{ "StandardInput", "null" },	 { "StandardOutput", "journal" },
		{ "StandardOutput", "inherit" }, { "StandardError", "journal" },
		{ "StandardError", "inherit" },	 { "NUMAPolicy", "default" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (!strcmp(all[i].key, l->key) && !strcmp(all[i].value, l->value))
			return true;
	return unit_boolean(l->value) == 0;
}

static void put_rest(struct unit *u)
{
	for (size_t i = 0; i < u->count; i++) {
		const struct unit_line *l = NULL;

		while (!u->line[i].known && (l = unit_next(u, u->line[i].key, l)))
			if (!is_usual(l) && !is_managers(l->key))
				unit_lost(u, l, NULL);
	}
}

static const char *rule_name(struct unit *u)
{
	size_t len = strlen(u->name);

	len -= len > 8 && !strcmp(u->name + len - 8, ".service") ? 8 : 0;
	return len && len <= SECTION_MOST && !strpbrk(u->name, "[]")
		       ? unit_print(u, "%.*s", (int)len, u->name)
		       : "imported";
}

static void put_all(struct unit *u)
{
	struct unit_user who = { 0 };

	put_commands(u);
	put_namespaces(u);
	import_unit_user(u, &who);
	import_unit_files(u, who.dynamic);
	import_unit_life(u, &who);
	import_unit_env(u, &who);
	import_unit_caps(u, &who);
	import_unit_calls(u);
	put_rest(u);
}

int import_unit(const char *file)
{
	struct written w;
	struct unit u = { .w = &w, .memory = arena_new(1 << 16), .own = geteuid() != 0 };
	int status = EXIT_PROFILE;

	if (!u.memory)
		abort();
	if (!unit_read(&u, file)) {
		written_begin(&w, rule_name(&u));
		put_all(&u);
		w.file = NULL;
		if (u.wrong)
			written_drop(&w);
		else
			status = written_end(&w);
	}
	free(u.line);
	arena_free(u.memory);
	return status;
}
