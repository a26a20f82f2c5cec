#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "conf/text.h"
#include "shim/env.h"
#include "shim/library.h"
#include "shim/path.h"

void library_find(const char *preload, char *path)
{
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	struct text t = text_in(path, PATH_MAX);
	Dl_info info;

	if (own && memchr(own, '/', len) && !memchr(own, '$', len)) {
		char entry[PATH_MAX];

		t = text_in(entry, sizeof entry);
		text_bytes(&t, own, len);
		if (!t.cut && path_absolute(AT_FDCWD, entry, path))
			return;
		t = text_in(path, PATH_MAX);
	}
	if (dladdr(library_find, &info) && info.dli_fname)
		text_str(&t, info.dli_fname);
}

void library_helper(const char *library, char *path)
{
	const char *slash = strrchr(library, '/');
	struct text t = text_in(path, PATH_MAX);

	if (library[0] != '/')
		return;
	text_bytes(&t, library, (size_t)(slash + 1 - library));
	text_str(&t, "nsshim");
	if (t.cut)
		path[0] = '\0';
}
