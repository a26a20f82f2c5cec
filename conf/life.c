#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "conf/life.h"
#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

static void octal(struct draft *d, enum key key, const char *value, struct item *it)
{
	size_t len = strspn(value, "01234567");

	for (size_t i = 0; i < len; i++)
		it->number[0] = 8 * it->number[0] + (value[i] - '0');
	if (value[len] || len > 4 || it->number[0] > 0777)
		refuse_value(d, key, "no mask", value, ": octal digits, 0 to 777");
}

static void cgroup(struct draft *d, enum key key, const char *value, struct item *it)
{
	static const char file[] = "/cgroup.procs";
	size_t len = strlen(value);
	char *path;

	if (!refuse_relative(d, key, value))
		return;
	path = draft_alloc(d, len + sizeof file);
	if (!path)
		return;
	memcpy(path, value, len);
	memcpy(path + len, file, sizeof file);
	it->word[0] = path;
}

/* ioprio_set(2): IOPRIO_PRIO_VALUE(class, level). */
static void ioprio(struct draft *d, enum key key, const char *value, struct item *it)
{
	enum { RT = 1, BE, IDLE, SHIFT = 13 };
	int class = !strncmp(value, "rt:", 3) ? RT : !strncmp(value, "be:", 3) ? BE : 0;

	if (!strcmp(value, "idle"))
		it->number[0] = IDLE << SHIFT;
	else if (class && value[3] >= '0' && value[3] <= '7' && !value[4])
		it->number[0] = class << SHIFT | (value[3] - '0');
	else if (strcmp(value, "none") != 0)
		refuse_value(d, key, "unknown value", value,
			     ", none of `none`, `idle`, `be:0` to `be:7`, `rt:0` to `rt:7`");
}

/* The decimal number at *at, up to `most`, and past it; false: there is none. */
static bool next_number(const char **at, unsigned most, unsigned *n)
{
	const char *from = *at;
	uint64_t sum = 0;

	for (; **at >= '0' && **at <= '9' && sum <= most; ++*at)
		sum = 10 * sum + (unsigned)(**at - '0');
	*n = (unsigned)sum;
	return *at > from && sum <= most;
}

/* N or N-M, and the comma after it; false: it is neither. */
static bool next_range(const char **at, unsigned most, unsigned *from, unsigned *to)
{
	if (!next_number(at, most, from))
		return false;
	*to = *from;
	if (**at == '-' && (++*at, !next_number(at, most, to) || *to < *from))
		return false;
	*at += strspn(*at, " ");
	if (**at != ',')
		return !**at;
	++*at;
	*at += strspn(*at, " ");
	return **at;
}

static void cpus(struct draft *d, enum key key, const char *value, struct item *it)
{
	enum { MOST = 8192 /* NR_CPUS of any kernel */, BITS = sizeof(long) * CHAR_BIT };
	unsigned from, to, last = 0;
	const char *at = value;
	unsigned long *mask;
	bool fits = true;

	for (; fits && *at; last = fits && to > last ? to : last)
		fits = next_range(&at, MOST - 1, &from, &to);
	if (!fits) {
		refuse_value(d, key, "no list of processors", value,
			     ": numbers and ranges, as 0-3,8; they begin with 0");
		return;
	}
	it->size = (last / BITS + 1) * sizeof *mask;
	it->data = mask = draft_alloc(d, it->size);
	for (at = value; mask && *at && next_range(&at, MOST - 1, &from, &to);)
		for (; from <= to; from++)
			mask[from / BITS] |= 1ul << from % BITS;
}

/* As limits.conf(5) and prlimit(1) call them. */
static const char limits[][11] = { "as",      "core",	  "cpu",	"data",	  "fsize", "locks",
				   "memlock", "msgqueue", "nice",	"nofile", "nproc", "rss",
				   "rtprio",  "rttime",	  "sigpending", "stack" };
static const unsigned char resources[] = { RLIMIT_AS,	   RLIMIT_CORE,	    RLIMIT_CPU,
					   RLIMIT_DATA,	   RLIMIT_FSIZE,    RLIMIT_LOCKS,
					   RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NICE,
					   RLIMIT_NOFILE,  RLIMIT_NPROC,    RLIMIT_RSS,
					   RLIMIT_RTPRIO,  RLIMIT_RTTIME,   RLIMIT_SIGPENDING,
					   RLIMIT_STACK };

/* A number with K, M, G or T after it, or no limit: -1. */
static bool limit(struct draft *d, enum key key, const char *word, int64_t *n)
{
	static const char units[] = "KMGT";
	size_t len = strspn(word, "0123456789");
	/* Not what is no letter: without that bit a blank is the end of the text, which is there. */
	const char *unit = word[len] > ' ' ? strchr(units, word[len] & ~0x20) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	char digits[20];
	struct text t = text_in(digits, sizeof digits);

	*n = -1;
	if (!strcmp(word, "unlimited") || !strcmp(word, "infinity"))
		return true;
	text_bytes(&t, word, len);
	if (!len || t.cut || word[len + (unit != NULL)]) {
		refuse_value(d, key, "no limit", word,
			     ": a decimal number, K, M, G or T after it or not; or `unlimited`");
		return false;
	}
	if (!split_number(d, key, digits, 0, INT64_MAX >> shift, n))
		return false;
	*n <<= shift;
	return true;
}

/* NAME SOFT [HARD] */
static void rlimit(struct draft *d, enum key key, const char *value, struct item *it)
{
	unsigned n = split(d, key, value, it->word, 2, 3, "NAME SOFT [HARD]");
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);
	int i;

	if (!n)
		return;
	i = words_find(WORDS(limits), it->word[0]);
	if (i < 0) {
		guess_tell(&t, WORDS(limits), it->word[0], strlen(it->word[0]));
		refuse_value(d, key, "unknown limit", it->word[0], why);
		return;
	}
	it->flags = resources[i];
	if (!limit(d, key, it->word[1], &it->number[0]) ||
	    !limit(d, key, it->word[n - 1], &it->number[1]))
		return;
	if ((uint64_t)it->number[0] > (uint64_t)it->number[1])
		refuse_value(d, key, "a soft limit above the hard one:", value, "");
}

/* all, or keep N,N-M */
static void close_fds(struct draft *d, enum key key, const char *value, struct item *it)
{
	enum { MOST = INT_MAX };
	const char *list = strncmp(value, "keep ", 5) ? NULL : value + 5 + strspn(value + 5, " ");
	const char *at = list;
	unsigned *range, n = 1;
	bool rises = list && *list;

	range = draft_alloc(d, (strlen(value) + 2) * sizeof *range);
	if (!range)
		return;
	range[0] = 0;
	range[1] = 2;
	for (; rises && *at; n++)
		rises = next_range(&at, MOST, &range[2 * n], &range[2 * n + 1]) &&
			range[2 * n] > range[2 * n - 1];
	if (list ? !rises : strcmp(value, "all") != 0)
		refuse_value(d, key, "unknown value", value,
			     ", neither `all` nor `keep` and numbers over 2 in rising order, as "
			     "`keep 3,5-7`");
	it->data = range;
	it->size = 2 * n * sizeof *range;
}

void life_value(struct draft *d, enum key key, const char *value, struct item *it)
{
	switch (it->op) {
	case ITEM_OOM:
		split_number(d, key, value, -1000, 1000, &it->number[0]);
		break;
	case ITEM_CGROUP:
		cgroup(d, key, value, it);
		break;
	case ITEM_NICE:
		split_number(d, key, value, -20, 19, &it->number[0]);
		break;
	case ITEM_IOPRIO:
		ioprio(d, key, value, it);
		break;
	case ITEM_CPUS:
		cpus(d, key, value, it);
		break;
	case ITEM_RLIMIT:
		rlimit(d, key, value, it);
		break;
	case ITEM_UMASK:
		octal(d, key, value, it);
		break;
	case ITEM_CLOSE:
		close_fds(d, key, value, it);
		break;
	default:
		it->flags = split_yes(d, key, value);
	}
}
