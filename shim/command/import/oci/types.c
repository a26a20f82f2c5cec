#include <stdio.h>
#include <string.h>

#include "shim/command/import/import.h"
#include "shim/command/out.h"

enum type { TEXT, NUMBER, BOOLEAN, OBJECT };

static const char words[][2][20] = {
	[TEXT] = { "a text", "an array of texts" },
	[NUMBER] = { "a whole number", "an array of numbers" },
	[BOOLEAN] = { "true or false", "" },
	[OBJECT] = { "an object", "an array of objects" },
};

/* What is read, by its name, which is of one type wherever it stands; many: an array of such. */
static const struct {
	char name[18];
	unsigned char type, many;
} names[] = {
	{ "root", OBJECT, false },
	{ "process", OBJECT, false },
	{ "linux", OBJECT, false },
	{ "user", OBJECT, false },
	{ "capabilities", OBJECT, false },
	{ "sysctl", OBJECT, false },
	{ "seccomp", OBJECT, false },
	{ "timeOffsets", OBJECT, false },
	{ "monotonic", OBJECT, false },
	{ "boottime", OBJECT, false },
	{ "mounts", OBJECT, true },
	{ "namespaces", OBJECT, true },
	{ "uidMappings", OBJECT, true },
	{ "gidMappings", OBJECT, true },
	{ "rlimits", OBJECT, true },
	{ "syscalls", OBJECT, true },
	{ "hostname", TEXT, false },
	{ "domainname", TEXT, false },
	{ "path", TEXT, false },
	{ "destination", TEXT, false },
	{ "source", TEXT, false },
	{ "type", TEXT, false },
	{ "cwd", TEXT, false },
	{ "rootfsPropagation", TEXT, false },
	{ "defaultAction", TEXT, false },
	{ "action", TEXT, false },
	{ "env", TEXT, true },
	{ "options", TEXT, true },
	{ "names", TEXT, true },
	{ "maskedPaths", TEXT, true },
	{ "readonlyPaths", TEXT, true },
	{ "bounding", TEXT, true },
	{ "effective", TEXT, true },
	{ "permitted", TEXT, true },
	{ "inheritable", TEXT, true },
	{ "ambient", TEXT, true },
	{ "uid", NUMBER, false },
	{ "gid", NUMBER, false },
	{ "additionalGids", NUMBER, true },
	{ "umask", NUMBER, false },
	{ "size", NUMBER, false },
	{ "containerID", NUMBER, false },
	{ "hostID", NUMBER, false },
	{ "soft", NUMBER, false },
	{ "hard", NUMBER, false },
	{ "oomScoreAdj", NUMBER, false },
	{ "secs", NUMBER, false },
	{ "nanosecs", NUMBER, false },
	{ "errnoRet", NUMBER, false },
	{ "readonly", BOOLEAN, false },
	{ "noNewPrivileges", BOOLEAN, false },
};

static bool is_of(const json_t *value, enum type type)
{
	double n = json_number_value(value);

	switch (type) {
	case TEXT:
		return json_is_string(value);
	case BOOLEAN:
		return json_is_boolean(value);
	case OBJECT:
		return json_is_object(value);
	case NUMBER: /* read as a real; a large one has no fraction */
		break;
	}
	return json_is_number(value) && (n >= 0x1p53 || n <= -0x1p53 || n == (double)(long long)n);
}

static bool fits(const json_t *value, enum type type, bool many)
{
	const json_t *part;
	size_t i;

	if (!many)
		return is_of(value, type);
	json_array_foreach(value, i, part) if (!is_of(part, type)) return false;
	return json_is_array(value);
}

static int look_at(const char *file, const char *name, const json_t *value)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i].name, name) && !json_is_null(value) &&
		    !fits(value, (enum type)names[i].type, names[i].many))
			return out_refuse("import", "%s: %s is not %s", file, name,
					  words[names[i].type][names[i].many]);
	return 0;
}

int import_oci_types(const char *file, const json_t *of)
{
	const char *name;
	json_t *part;
	size_t i;
	int status = 0;

	json_array_foreach(of, i, part) if (!status) status = import_oci_types(file, part);
	json_object_foreach((json_t *)of, name, part)
	{
		if (!status)
			status = look_at(file, name, part);
		/* Whose own names may be any. */
		if (!status && strcmp(name, "annotations") != 0 && strcmp(name, "sysctl") != 0)
			status = import_oci_types(file, part);
	}
	return status;
}
