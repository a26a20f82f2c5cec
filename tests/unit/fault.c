#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conf/fault.h"
#include "conf/text.h"
#include "tests/unit/check.h"

static const char *said(const struct fault *f)
{
	static char line[FAULT_TEXT];
	size_t n = fault_text(f, line, sizeof line);

	return n == strlen(line) ? line : "(a wrong length)";
}

static void check_forms(void)
{
	struct fault f;

	CHECK(fault_set(&f, "setns", NS_NET, "/run/netns/x", EPERM) == -1 && errno == EPERM,
	      "fault_set returns -1 and sets errno");
	strcpy(f.rule, "vpn");
	fault_why(&f, "needs a");
	fault_why(&f, " key");
	CHECK_SAME(said(&f),
		   "nsshim: [vpn] net: setns /run/netns/x: Operation not permitted (EPERM): needs "
		   "a key\n",
		   "an entry names rule, kind, call, path, errno and remedy");
	fault_set(&f, "fork", NS_KINDS, NULL, EAGAIN);
	CHECK_SAME(said(&f), "nsshim: fork: Resource temporarily unavailable (EAGAIN)\n",
		   "what has no rule, kind, path or remedy leaves them out");
	fault_set(&f, "open", NS_KINDS, "/x", 0);
	fault_why(&f, "no regular file");
	CHECK_SAME(said(&f), "nsshim: open /x: no regular file\n",
		   "nor an errno where there is none");
	fault_set(&f, "", NS_KINDS, NULL, 0);
	fault_why(&f, "words");
	CHECK_SAME(said(&f), "nsshim: words\n", "words can stand alone");
	CHECK(fault_at(&f, "a.ini", 7, "net", "empty value") == -1, "fault_at returns -1");
	CHECK_SAME(said(&f), "nsshim: a.ini:7: net: empty value\n",
		   "a profile's is FILE:LINE: KEY: WHY");
	fault_at(&f, "a.ini", 7, "", "why");
	CHECK_SAME(said(&f), "nsshim: a.ini:7: why\n", "a line without a key has none");
	fault_set(&f, "x", NS_KINDS, NULL, 999);
	CHECK_SAME(said(&f), "nsshim: x: errno 999\n", "an errno that has no name is a number");
	fault_at(&f, "a\nb\r\033[2J\177.ini", 1, "k", "w");
	CHECK_SAME(said(&f), "nsshim: a?b??[2J?.ini:1: k: w\n",
		   "it is one line, without control characters");
	fault_at(&f, "pr\xc3\xb6.ini", 1, "k", "w");
	CHECK_SAME(said(&f), "nsshim: pr\xc3\xb6.ini:1: k: w\n", "UTF-8 stays");
	fault_at(&f,
		 "\xc2\x9b"
		 "2J\xc2\xa0\xe2\x9b\x9b\x9b.ini",
		 1, "k", "w");
	CHECK_SAME(said(&f), "nsshim: ??2J\xc2\xa0\xe2\x9b\x9b\x9b.ini:1: k: w\n",
		   "but for its own control characters");
}

static void check_bounds(void)
{
	char longer[2000], small[32];
	struct fault f;
	size_t n;

	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	fault_at(&f, longer, 1, longer, longer);
	fault_why(&f, longer);
	CHECK(strlen(f.path) == sizeof f.path - 1 && strlen(f.op) == sizeof f.op - 1 &&
		      strlen(f.why) == sizeof f.why - 1,
	      "texts that are too long lose their end");
	CHECK(strlen(said(&f)) < FAULT_TEXT - 1 && strchr(said(&f), '\n'),
	      "FAULT_TEXT holds any of them");
	memset(small, '#', sizeof small);
	n = fault_text(&f, small, 20);
	CHECK(n == 19 && small[18] == '\n' && !small[19] && small[20] == '#',
	      "a small buffer gets the beginning and the newline, and no byte more");
}

static void check_write(void)
{
	char line[100];
	int to[2], full;
	struct fault f;
	ssize_t n;

	fault_at(&f, "a", 1, "b", "c");
	if (pipe(to))
		return;
	errno = 5;
	fault_write(&f, to[1]);
	n = read(to[0], line, sizeof line - 1);
	line[n > 0 ? n : 0] = '\0';
	CHECK_SAME(line, "nsshim: a:1: b: c\n", "fault_write writes the line");
	CHECK(errno == 5, "and keeps errno");
	fault_write(&f, -1);
	CHECK(errno == 5, "also where the descriptor is closed");
	full = open("/dev/full", O_WRONLY);
	fault_write(&f, full);
	CHECK(errno == 5, "or the disk is full");
}

static void check_text_builder(void)
{
	char buf[8];
	struct text t = text_in(buf, sizeof buf);

	text_num(&t, -42);
	CHECK(!strcmp(buf, "-42") && !t.cut, "text_num writes a negative number");
	text_str(&t, "abcdef");
	CHECK(!strcmp(buf, "-42abcd") && t.cut, "what does not fit is left out, and told");
	t = text_in(buf, 1);
	text_str(&t, "a");
	CHECK(!buf[0] && t.cut, "a buffer of one byte holds the terminator");
	char number[32];
	t = text_in(number, sizeof number);
	text_num(&t, -9223372036854775807LL - 1);
	CHECK_SAME(number, "-9223372036854775808", "the least number is right");
}

int main(void)
{
	check_forms();
	check_bounds();
	check_write();
	check_text_builder();
	return check_end();
}
