#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/out.h"
#include "shim/state.h"

int out_fault(const struct fault *f)
{
	fault_write(f, STDERR_FILENO);
	return EXIT_PROFILE;
}

void out_say(void *ctx, const struct fault *f)
{
	(void)ctx;
	out_fault(f);
}

int out_end(int status)
{
	struct fault f;

	errno = EIO; /* an earlier write has failed, and nobody knows any more why */
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fault_set(&f, "write", NS_KINDS, "standard output", errno);
	return out_fault(&f);
}

int out_text(const char *text)
{
	fputs(text, stdout);
	return out_end(0);
}

bool out_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* As setlocale(3) reads them, which would load the locale's files for this alone. */
bool out_utf8(void)
{
	static const char names[][9] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

int out_refuse(const char *command, const char *format, ...)
{
	va_list more;
	char *words;

	va_start(more, format);
	if (vasprintf(&words, format, more) < 0)
		abort();
	va_end(more);
	text_plain(words, strlen(words));
	fprintf(stderr, "nsshim: %s: %s\n", command, words);
	free(words);
	return EXIT_PROFILE;
}
