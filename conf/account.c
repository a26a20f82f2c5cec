#define _GNU_SOURCE
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/account.h"
#include "conf/file.h"

/* Read piece by piece: a line of /etc/group has no longest one. */
struct line {
	const char *name;
	size_t len;
	size_t at; /* bytes of the name that fit so far */
	unsigned field;
	bool differs;
	bool any; /* a digit */
	uint64_t id;
};

/* True: the line is the one, and its id is complete. */
static bool take(struct line *l, char c)
{
	if (c == '\n') {
		*l = (struct line){ .name = l->name, .len = l->len };
	} else if (c == ':') {
		if (l->field == 2 && l->any && !l->differs)
			return true;
		l->differs |= l->field == 0 && l->at != l->len;
		l->field++;
	} else if (l->field == 0) {
		l->differs |= l->at == l->len || l->name[l->at] != c;
		l->at += l->at < l->len;
	} else if (l->field == 2) {
		l->differs |= c < '0' || c > '9' || l->id > UINT32_MAX;
		l->id = 10 * l->id + (unsigned)(c - '0');
		l->any = true;
	}
	return false;
}

bool account_find(const char *file, const char *name, size_t len, uint32_t *id)
{
	struct line l = { .name = name, .len = len };
	struct fault f;
	struct stat st;
	char buf[512];
	bool found = false;
	long n;
	int fd = file_open(file, NULL, &st, &f);

	if (fd < 0)
		return false;
	while (!found && (n = syscall(SYS_read, fd, buf, sizeof buf)) > 0)
		for (long i = 0; i < n && !found; i++)
			found = take(&l, buf[i]);
	syscall(SYS_close, fd);
	*id = (uint32_t)l.id;
	return found && l.id < UINT32_MAX;
}
