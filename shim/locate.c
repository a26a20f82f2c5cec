#define _GNU_SOURCE
#include <limits.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/locate.h"
#include "shim/path.h"

/* What stands for "no profile named, and no file of the default's name". */
#define BUILTIN ""

bool locate_is_inline(const char *value)
{
	size_t key = strspn(value, "abcdefghijklmnopqrstuvwxyz_-");

	return key && value[0] != '-' && value[key + strspn(value + key, " \t")] == '=';
}

bool locate_folder(unsigned i, char *buf)
{
	struct text t = text_in(buf, PATH_MAX);
	const char *config = i ? NULL : secure_getenv("XDG_CONFIG_HOME");
	const char *dir = i == 1 ? "/etc" : PREFIX "/share";

	if (!i)
		dir = config && config[0] ? config : secure_getenv("HOME");
	if (!dir || dir[0] != '/')
		return false;
	text_str(&t, dir);
	text_str(&t, !i && dir != config ? "/.config/nsshim" : "/nsshim");
	return !t.cut;
}

/* The first of these files that is there, into buf. */
static bool search(const char *name, char *buf)
{
	for (unsigned i = 0; i < LOCATE_FOLDERS; i++) {
		struct text t;

		if (!locate_folder(i, buf))
			continue;
		t = text_in(buf + strlen(buf), PATH_MAX - strlen(buf));
		text_str(&t, "/");
		text_str(&t, name);
		text_str(&t, ".ini");
		if (!t.cut && !faccessat(AT_FDCWD, buf, F_OK, AT_EACCESS))
			return true;
	}
	return false;
}

int locate(const char *value, struct source *src, char *buf, struct fault *f)
{
	if (value && locate_is_inline(value)) {
		*src = (struct source){ SOURCE_INLINE, value };
		return 0;
	}
	if (value && !strcmp(value, "none")) {
		*src = (struct source){ SOURCE_NONE, "none" };
		return 0;
	}
	if (value && strchr(value, '/')) {
		*src = (struct source){ SOURCE_FILE, buf };
		return path_absolute(AT_FDCWD, value, buf)
			       ? 0
			       : fault_set(f, "open", NS_KINDS, value, errno);
	}
	if (search(value && *value ? value : "default", buf)) {
		*src = (struct source){ SOURCE_FILE, buf };
		return 0;
	}
	if (!value || !*value) {
		*src = (struct source){ SOURCE_BUILTIN, BUILTIN };
		return 0;
	}
	fault_set(f, "find profile", NS_KINDS, value, ENOENT);
	fault_why(f, "looked for it as NAME.ini in $XDG_CONFIG_HOME/nsshim (~/.config/nsshim), "
		     "/etc/nsshim and " PREFIX "/share/nsshim; a path needs a slash");
	return -1;
}

const char *locate_value(const struct source *src)
{
	return src->text;
}

struct source locate_again(const char *value)
{
	if (value[0] == '/')
		return (struct source){ SOURCE_FILE, value };
	if (!strcmp(value, "none"))
		return (struct source){ SOURCE_NONE, value };
	return (struct source){ value[0] ? SOURCE_INLINE : SOURCE_BUILTIN, value };
}
