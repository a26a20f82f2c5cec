#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/install.h"
#include "shim/command/out.h"
#include "shim/library.h"
#include "shim/loads.h"
#include "shim/path.h"

#define NAME "libnsshim.so"

/* FOLDER, of which the last `up` components are left out, and what is below. */
static bool found(const char *self, int up, const char *below, char *path)
{
	struct text t = text_in(path, PATH_MAX);
	const char *end = self + strlen(self);

	while (up && end > self)
		up -= *--end == '/';
	text_bytes(&t, self, (size_t)(end - self));
	text_str(&t, below);
	return !up && !t.cut && !access(path, R_OK);
}

bool install_find(char *path)
{
	char self[PATH_MAX];

	path_self(self);
	return found(self, 1, "/" NAME, path) || found(self, 2, "/" LIBDIR "/" NAME, path) ||
	       found(PREFIX, 0, "/" LIBDIR "/" NAME, path);
}

static bool one_serves(const char *library, const char *words, const struct target *t)
{
	char pattern[PATH_MAX];
	glob_t there;
	bool serves = false;

	if (!library_by_word(library, words, pattern) || glob(pattern, 0, NULL, &there))
		return false;
	for (size_t i = 0; !serves && i < there.gl_pathc; i++)
		serves = loads_own(t, there.gl_pathv[i]);
	globfree(&there);
	return serves;
}

const char *install_missing(void)
{
	char self[PATH_MAX];

	return *path_self(self)
		       ? "there is no " NAME " beside this command, nor in " PREFIX "/" LIBDIR
		       : "/proc is not mounted, which tells where this command is, and "
			 "there is no " NAME " in " PREFIX "/" LIBDIR ": mount -t proc proc /proc";
}

bool install_serves(const char *library, const struct target *t)
{
	return one_serves(library, "lib*", t) || one_serves(library, "lib/*", t);
}

int install_library(char *path, const char *command)
{
	if (!install_find(path)) {
		out_refuse(command, "%s", install_missing());
		return -1;
	}
	if (strpbrk(path, " :\t\n")) {
		out_refuse(
			command,
			"%s: a blank or a colon, which ld.so(8) takes for the end of a library's "
			"path in LD_PRELOAD",
			path);
		return -1;
	}
	return 0;
}
