#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/import/oci/oci.h"

static void put_map(struct written *w, const char *key, const json_t *all)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);

		written_line(w, key, "%lld %lld %lld", json_number(one, "containerID"),
			     json_number(one, "hostID"), json_number(one, "size"));
	}
}

static void put_sysctls(struct written *w, const json_t *all)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)all, key, value)
		written_line(w, "sysctl", "%s %s", key, json_string_value(value) ?: "");
}

static void put_clock(struct written *w, const char *key, const json_t *offset)
{
	if (!offset)
		return;
	written_line(w, key, "%lld", json_number(offset, "secs"));
	if (json_number(offset, "nanosecs"))
		written_lost(w, "linux.timeOffsets.%s.nanosecs", key);
}

/* A runtime passes over those that are not there; /proc is another inside, with the same names. */
static bool is_there(const char *root, const char *path)
{
	char whole[2 * PATH_MAX];

	if (!strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5))
		return !access(path, F_OK);
	snprintf(whole, sizeof whole, "%s%s", root, path);
	return !access(whole, F_OK);
}

static void put_paths(struct written *w, const json_t *of, const char *root)
{
	const json_t *masked = json_object_get(of, "maskedPaths");
	const json_t *fixed = json_object_get(of, "readonlyPaths");
	char word[WRITTEN_WORD];

	for (size_t i = 0; i < json_array_size(masked); i++)
		written_line(
			w, "hide", "%s optional",
			written_word(word, json_string_value(json_array_get(masked, i)) ?: ""));
	for (size_t i = 0; i < json_array_size(fixed); i++) {
		const char *path = json_string_value(json_array_get(fixed, i)) ?: "";

		if (is_there(root, path))
			written_line(w, "ro", "%s", written_word(word, path));
	}
}

/* A list of calls that are denied, all else allowed: the one form that has a key. */
static void put_seccomp(struct written *w, const json_t *seccomp)
{
	const json_t *calls = json_object_get(seccomp, "syscalls");

	if (!seccomp)
		return;
	if (strcmp(json_said(seccomp, "defaultAction"), "SCMP_ACT_ALLOW") != 0) {
		written_lost(w, "linux.seccomp: calls that are allowed, all else denied: compile "
				"it, for `seccomp = FILE`");
		return;
	}
	for (size_t i = 0; i < json_array_size(calls); i++) {
		const json_t *one = json_array_get(calls, i),
			     *names = json_object_get(one, "names");
		long long err = json_object_get(one, "errnoRet") ? json_number(one, "errnoRet") : 1;
		bool plain = !json_array_size(json_object_get(one, "args")) && err == 1 &&
			     !strcmp(json_said(one, "action"), "SCMP_ACT_ERRNO");

		for (size_t j = 0; j < json_array_size(names); j++) {
			const char *name = json_string_value(json_array_get(names, j)) ?: "";

			if (plain)
				written_line(w, "seccomp", "deny %s", name);
			else
				written_lost(w,
					     "linux.seccomp: %s: arguments, or another action "
					     "than EPERM",
					     name);
		}
	}
}

static void put_cgroup(struct written *w, const char *path)
{
	if (path[0] == '/')
		written_line(w, "cgroup_join", "/sys/fs/cgroup%s", path);
	else if (path[0])
		written_lost(w, "linux.cgroupsPath: %s, of systemd or relative", path);
}

/* private and slave for all mounts below, which is what the key means. */
static void put_propagation(struct written *w, const char *word)
{
	word += word[0] == 'r';
	if (word[0] && strcmp(word, "private") != 0)
		written_line(w, "propagation", "%s", word);
}

void import_oci_linux(struct written *w, const json_t *of, const char *root)
{
	const json_t *clocks = json_object_get(of, "timeOffsets");

	put_map(w, "uid_map", json_object_get(of, "uidMappings"));
	put_map(w, "gid_map", json_object_get(of, "gidMappings"));
	put_sysctls(w, json_object_get(of, "sysctl"));
	put_clock(w, "monotonic", json_object_get(clocks, "monotonic"));
	put_clock(w, "boottime", json_object_get(clocks, "boottime"));
	put_propagation(w, json_said(of, "rootfsPropagation"));
	put_paths(w, of, root);
	put_cgroup(w, json_said(of, "cgroupsPath"));
	put_seccomp(w, json_object_get(of, "seccomp"));
	import_oci_rest(w, of, "linux.",
			"namespaces uidMappings gidMappings sysctl timeOffsets rootfsPropagation "
			"maskedPaths readonlyPaths cgroupsPath seccomp");
}
