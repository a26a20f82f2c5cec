/* Unit tests: one line for each claim, an exit status of 1 where one is false. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int check_count, check_failed;

__attribute__((format(printf, 4, 5))) static inline bool check(bool ok, const char *file, int line,
							       const char *sentence, ...)
{
	va_list args;

	printf("%s %d - ", ok ? "ok" : "not ok", ++check_count);
	va_start(args, sentence);
	vprintf(sentence, args);
	va_end(args);
	putchar('\n');
	if (!ok) {
		check_failed++;
		printf("# %s:%d\n", file, line);
	}
	return ok;
}

/* CHECK(condition, sentence that is true then, as printf) */
#define CHECK(condition, ...) check((condition), __FILE__, __LINE__, __VA_ARGS__)

/* Two texts are the same; says both where they are not. */
static inline bool check_same(const char *got, const char *want, const char *file, int line,
			      const char *sentence)
{
	bool ok = check(!strcmp(got, want), file, line, "%s", sentence);

	if (!ok)
		printf("# got:  %s\n# want: %s\n", got, want);
	return ok;
}

#define CHECK_SAME(got, want, sentence) check_same((got), (want), __FILE__, __LINE__, (sentence))

/* What main returns. */
static inline int check_end(void)
{
	printf("1..%d\n", check_count);
	return check_failed != 0;
}

/* Numbers that are the same in every run (xorshift64). */
static inline uint64_t check_random(void)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

/* A text of up to `most` of these characters, into buf[most + 1]. */
static inline char *check_text(char *buf, size_t most, const char *from)
{
	size_t len = check_random() % (most + 1), kinds = strlen(from);

	for (size_t i = 0; i < len; i++)
		buf[i] = from[check_random() % kinds];
	buf[len] = '\0';
	return buf;
}

#endif
