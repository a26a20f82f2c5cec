#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/guess.h"
#include "shim/command/command.h"
#include "shim/command/import/import.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/path.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim import [FILE]\n"
	"       nsshim import --from systemd-unit FILE\n"
	"       nsshim import --from bwrap|unshare|nsenter [--] ARGUMENT...\n"
	"\n"
	"Prints the rule that does what another tool would do: by a config.json of the\n"
	"OCI runtime specification, ./config.json where no FILE is named, by a service's\n"
	"unit of systemd, with FILE.d/*.conf, or by the arguments of a command line. What\n"
	"has no key is told, and is a comment in the rule.\n"
	"\n"
	"  -f, --from TOOL  oci (the default), systemd-unit, bwrap, unshare or nsenter\n"
	"  -h, --help       this\n"
	"\n"
	"Exit status: 0 the rule says all of it; 1 something is left out; 125 nsshim\n"
	"itself, or there is no such file.\n"
	"\n"
	"  nsshim import /run/bundle/config.json >web.ini\n"
	"  systemctl cat web | nsshim import --from systemd-unit - >web.ini\n"
	"  nsshim import --from unshare -- -rn --mount make\n";

static const struct option_row rows[] = { { "from", 'f', OPTION_VALUE }, OPTION_HELP };

enum tool { TOOL_OCI, TOOL_UNIT, TOOL_BWRAP, TOOL_UNSHARE, TOOL_NSENTER };

static const char tools[][13] = {
	[TOOL_OCI] = "oci",	    [TOOL_UNIT] = "systemd-unit", [TOOL_BWRAP] = "bwrap",
	[TOOL_UNSHARE] = "unshare", [TOOL_NSENTER] = "nsenter",
};

/* Limits without a limit are 2^64 - 1, which is no integer of jansson's. */
static int from_file(const char *name)
{
	char path[PATH_MAX];
	struct written w;
	struct stat st;
	json_error_t e;
	json_t *config;
	int status;

	if (!realpath(name, path))
		return out_refuse("import", "%s: %s", name, strerror(errno));
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return out_refuse("import", "%s: %s", name, strerror(EISDIR));
	config = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &e);
	if (!config)
		return out_refuse("import", "%s:%d: %s", name, e.line, e.text);
	status = json_is_object(config) ? import_oci_types(name, config)
					: out_refuse("import", "%s: this is no config.json", name);
	if (status) {
		json_decref(config);
		return status;
	}
	written_begin(&w, "imported");
	*strrchr(path, '/') = '\0';
	import_oci(&w, config, path);
	json_decref(config);
	return written_end(&w);
}

static int from_words(enum tool tool, int argc, char **argv)
{
	struct written w;

	written_begin(&w, tools[tool]);
	if (tool == TOOL_BWRAP)
		import_bwrap(&w, argc, argv);
	else if (tool == TOOL_UNSHARE)
		import_unshare(&w, argc, argv);
	else
		import_nsenter(&w, argc, argv);
	return written_end(&w);
}

int command_import(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, false, help };
	int letter, status, tool = TOOL_OCI;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		tool = words_find(WORDS(tools), optarg);
		if (tool < 0)
			return out_refuse("import",
					  "--from: oci, systemd-unit, bwrap, unshare or nsenter, "
					  "and not `%s`",
					  optarg);
	}
	if (tool > TOOL_UNIT) {
		argv[--optind] = (char *)tools[tool];
		return from_words((enum tool)tool, argc - optind, argv + optind);
	}
	if (argc - optind > 1)
		return option_misused("import", &o, "one file at a time");
	if (tool == TOOL_UNIT && optind == argc)
		return option_misused("import", &o, "which unit?");
	if (tool == TOOL_UNIT)
		return import_unit(argv[optind]);
	return from_file(optind < argc ? argv[optind] : "config.json");
}
