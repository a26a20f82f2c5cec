#include <string.h>

#include "conf/text.h"

struct text text_in(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct text){ .at = buf, .end = buf + size - 1 };
}

void text_bytes(struct text *t, const char *s, size_t len)
{
	size_t room = (size_t)(t->end - t->at);

	if (len > room) {
		len = room;
		t->cut = true;
	}
	memcpy(t->at, s, len);
	t->at += len;
	*t->at = '\0';
}

void text_str(struct text *t, const char *s)
{
	text_bytes(t, s, strlen(s));
}

void text_num(struct text *t, long long n)
{
	char digits[24];
	char *d = digits + sizeof digits;
	unsigned long long u = n < 0 ? -(unsigned long long)n : (unsigned long long)n;

	do
		*--d = (char)('0' + u % 10);
	while (u /= 10);
	if (n < 0)
		*--d = '-';
	text_bytes(t, d, (size_t)(digits + sizeof digits - d));
}

void text_plain(char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i], before = i ? (unsigned char)s[i - 1] : 0;

		if (c < ' ' || c == 0x7f)
			s[i] = '?';
		else if (before == 0xc2 && c >= 0x80 && c < 0xa0) /* C1, in UTF-8 */
			s[i - 1] = s[i] = '?';
	}
}

void text_copy(char *buf, size_t size, const char *s)
{
	struct text t = text_in(buf, size);

	text_str(&t, s);
}
