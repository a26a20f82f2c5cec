/* Text built in a buffer of the caller's, without stdio or the heap. All of it is child-safe. */
#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The text is terminated after every call. What does not fit is left out and `cut` is set. */
struct text {
	char *at;  /* where the next byte goes: the terminator is here */
	char *end; /* the last byte of the buffer */
	bool cut;
};

struct text text_in(char *buf, size_t size); /* size: 1 at least */
void text_str(struct text *t, const char *s);
void text_bytes(struct text *t, const char *s, size_t len);
void text_num(struct text *t, long long n); /* decimal */

/* Each control character becomes a `?`: a path or a key may hold any, and a terminal obeys them. */
void text_plain(char *s, size_t len);

/* The whole of s into buf, or its beginning where it does not fit. */
void text_copy(char *buf, size_t size, const char *s);

#endif
