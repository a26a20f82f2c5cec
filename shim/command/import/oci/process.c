#define _GNU_SOURCE
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "shim/command/import/oci/oci.h"

/* Words with commas between them, without `skip` before each. */
static void list(char *to, size_t size, const json_t *all, size_t skip)
{
	size_t used = 0;

	to[0] = '\0';
	for (size_t i = 0; i < json_array_size(all) && used < size; i++) {
		const json_t *one = json_array_get(all, i);
		const char *word = json_string_value(one);

		if (word)
			used += (size_t)snprintf(to + used, size - used, "%s%s", i ? "," : "",
						 strlen(word) > skip ? word + skip : word);
		else
			used += (size_t)snprintf(to + used, size - used, "%s%.0f", i ? "," : "",
						 json_number_value(one));
	}
}

/* A map of one id, which a user may write, has no setgroups(2), and no other groups. */
static void put_user(struct written *w, const json_t *user, bool one_gid)
{
	char groups[400];

	if (!json_is_object(user))
		return;
	written_line(w, "uid", "%lld", json_number(user, "uid"));
	written_line(w, "gid", "%lld", json_number(user, "gid"));
	list(groups, sizeof groups, json_object_get(user, "additionalGids"), 0);
	if (groups[0] || !one_gid)
		written_line(w, "groups", "%s", groups[0] ? groups : "none");
	if (json_object_get(user, "umask"))
		written_line(w, "umask", "%llo", (unsigned long long)json_number(user, "umask"));
	import_oci_rest(w, user, "process.user.", "uid gid additionalGids umask");
}

static void put_env(struct written *w, const json_t *env)
{
	written_line(w, "clearenv", "yes");
	for (size_t i = 0; i < json_array_size(env); i++)
		written_line(w, "env", "%s", json_string_value(json_array_get(env, i)) ?: "");
}

/*
 * An exec leaves uid 0 what is in the bounding set, and others what is ambient: these are all five
 * sets of the key. What others have in the bounding set counts for set-user-ID programs alone.
 */
static void put_caps(struct written *w, const json_t *caps, bool root, bool no_new_privs)
{
	const json_t *kept = json_object_get(caps, root ? "bounding" : "ambient");
	char names[1000];

	if (!json_is_object(caps)) {
		written_line(w, "caps", "drop");
		return;
	}
	list(names, sizeof names, kept, strlen("CAP_"));
	written_line(w, "caps", "%s", names[0] ? names : "drop");
	if (!root && !no_new_privs &&
	    json_array_size(json_object_get(caps, "bounding")) > json_array_size(kept))
		written_lost(w, "process.capabilities.bounding: what is in it for set-user-ID "
				"programs alone");
}

static void limit(char buf[24], long long n)
{
	if (n < 0 || n == LLONG_MAX)
		strcpy(buf, "unlimited");
	else
		snprintf(buf, 24, "%lld", n);
}

static void put_limits(struct written *w, const json_t *all)
{
	char name[32], soft[24], hard[24];

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		const char *type = json_said(one, "type");
		size_t n = 0;

		type += !strncmp(type, "RLIMIT_", 7) ? 7 : 0;
		for (; type[n] && n < sizeof name - 1; n++)
			name[n] = (char)tolower((unsigned char)type[n]);
		name[n] = '\0';
		limit(soft, json_number(one, "soft"));
		limit(hard, json_number(one, "hard"));
		written_line(w, "rlimit", "%s %s %s", name, soft, hard);
	}
}

void import_oci_process(struct written *w, const json_t *p, bool one_gid)
{
	const json_t *user = json_object_get(p, "user");
	bool no_new_privs = json_is_true(json_object_get(p, "noNewPrivileges"));

	if (!json_is_object(p))
		return;
	if (json_said(p, "cwd")[0])
		written_line(w, "cwd", "%s", json_said(p, "cwd"));
	put_env(w, json_object_get(p, "env"));
	put_limits(w, json_object_get(p, "rlimits"));
	if (json_is_number(json_object_get(p, "oomScoreAdj")))
		written_line(w, "oom_score_adj", "%lld", json_number(p, "oomScoreAdj"));
	put_user(w, user, one_gid);
	put_caps(w, json_object_get(p, "capabilities"), !json_number(user, "uid"), no_new_privs);
	if (no_new_privs)
		written_line(w, "no_new_privs", "yes");
	import_oci_rest(
		w, p, "process.",
		"args cwd env rlimits oomScoreAdj user capabilities noNewPrivileges consoleSize");
}
