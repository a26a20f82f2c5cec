#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "shim/command/import/import.h"
#include "shim/command/import/list.h"
#include "shim/command/import/oci/oci.h"

static bool is_empty(const json_t *value)
{
	return json_is_null(value) || json_is_false(value) ||
	       (json_is_object(value) && !json_object_size(value)) ||
	       (json_is_array(value) && !json_array_size(value)) ||
	       (json_is_string(value) && !json_string_value(value)[0]);
}

void import_oci_rest(struct written *w, const json_t *object, const char *where, const char *words)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key,
			    value) if (!list_has(words, key) && !is_empty(value))
		written_lost(w, "%s%s", where, key);
}

/* The kinds that a container has of its own, and those that it joins. */
static bool put_namespaces(struct written *w, const json_t *all)
{
	static const char names[][2][8] = {
		{ "user", "user" },	{ "mount", "mnt" }, { "pid", "pid" },
		{ "network", "net" },	{ "ipc", "ipc" },   { "uts", "uts" },
		{ "cgroup", "cgroup" }, { "time", "time" },
	};
	bool own_pids = false;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		const char *type = json_said(one, "type"), *path = json_said(one, "path");
		size_t n = 0;

		while (n < 8 && strcmp(names[n][0], type) != 0)
			n++;
		if (n == 8) {
			written_lost(w, "linux.namespaces: %s", type);
			continue;
		}
		written_line(w, names[n][1], "%s", path[0] ? path : "new");
		own_pids |= !strcmp(type, "pid") && !path[0];
	}
	return own_pids;
}

static void put_root(struct written *w, const json_t *root, const char *folder, char *path)
{
	const char *at = json_said(root, "path");
	char word[WRITTEN_WORD];

	path[0] = '\0';
	if (!json_is_object(root))
		return;
	snprintf(path, PATH_MAX, "%s%s%s", at[0] == '/' ? "" : folder, at[0] == '/' ? "" : "/", at);
	written_line(w, "root", "%s", written_word(word, path));
	import_oci_rest(w, root, "root.", "path readonly");
}

static bool has_one_gid(const json_t *of_linux)
{
	const json_t *all = json_object_get(of_linux, "gidMappings");

	return json_array_size(all) == 1 && json_number(json_array_get(all, 0), "size") == 1;
}

void import_oci(struct written *w, const json_t *config, const char *folder)
{
	const json_t *of_linux = json_object_get(config, "linux");
	const json_t *root = json_object_get(config, "root");
	const json_t *args = json_object_get(json_object_get(config, "process"), "args");
	char path[PATH_MAX + 256];
	bool own_pids;

	for (size_t i = 0; i < json_array_size(args); i++)
		written_note(w, "argument %zu: %s", i,
			     json_string_value(json_array_get(args, i)) ?: "");
	own_pids = put_namespaces(w, json_object_get(of_linux, "namespaces"));
	put_root(w, root, folder, path);
	if (json_is_true(json_object_get(root, "readonly"))) {
		import_oci_places(w, json_object_get(config, "mounts"), path);
		written_line(w, "ro", "/");
	}
	import_oci_mounts(w, json_object_get(config, "mounts"), folder, own_pids);
	if (json_is_string(json_object_get(config, "hostname")))
		written_line(w, "hostname", "%s", json_said(config, "hostname"));
	if (json_is_string(json_object_get(config, "domainname")))
		written_line(w, "domainname", "%s", json_said(config, "domainname"));
	import_oci_linux(w, of_linux, path);
	import_oci_process(w, json_object_get(config, "process"), has_one_gid(of_linux));
	import_oci_rest(w, config, "",
			"ociVersion root mounts hostname domainname linux process annotations");
}
