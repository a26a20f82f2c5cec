#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <time.h>

#include "conf/match.h"
#include "conf/pattern.h"
#include "tests/unit/check.h"

/* A machine whose /bin is a link to usr/bin, with a few links more. */
static const char *resolve(const char *path, char *buf, size_t size)
{
	static const char *const links[][2] = {
		{ "/usr/bin/vi", "/usr/bin/vim.basic" },
		{ "/usr/bin/a", "/opt/tests/b" },
		{ "/opt/b", "/usr/bin/a" },
	};

	snprintf(buf, size, "%s%s", strncmp(path, "/bin/", 5) ? "" : "/usr", path);
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < sizeof links / sizeof *links; i++)
			if (!strcmp(buf, links[i][0]))
				snprintf(buf, size, "%s", links[i][1]);
	return buf;
}

struct program {
	struct subject subject; /* first */
	const char *path;
	bool lost; /* no question has an answer */
	int absolute, resolved, same;
	char buf[100]; /* for both, to their ruin */
};

static const char *absolute(struct subject *s)
{
	struct program *p = (struct program *)s;

	p->absolute++;
	snprintf(p->buf, sizeof p->buf, "%s", p->path);
	errno = ENOENT;
	return p->lost ? NULL : p->buf;
}

static const char *resolved(struct subject *s)
{
	struct program *p = (struct program *)s;

	p->resolved++;
	resolve(p->path, p->buf, sizeof p->buf);
	errno = ENOENT;
	return p->lost ? NULL : p->buf;
}

static bool same(struct subject *s, const char *path)
{
	struct program *p = (struct program *)s;
	char a[100], b[100];

	p->same++;
	return !p->lost && !strcmp(resolve(path, a, sizeof a), resolve(p->path, b, sizeof b));
}

static struct program program(const char *path)
{
	return (struct program){
		.subject = { pattern_base(path), absolute, resolved, NULL, same },
		.path = path,
	};
}

static void say(void *ctx, const struct fault *f)
{
	(void)ctx;
	printf("# %s:%d: %s: %s\n", f->path, f->line, f->op, f->why);
}

static struct profile *read_text(const char *text)
{
	return profile_parse("p", text, strlen(text), false, say, NULL);
}

static struct program asked;

static const char *decides(const char *text, const char *path)
{
	static char name[50];
	struct profile *p = read_text(text);
	const struct rule *r;

	if (!p)
		return "(refused)";
	asked = program(path);
	r = match_first(p, &asked.subject);
	snprintf(name, sizeof name, "%s", r ? r->name : "");
	profile_free(p);
	return name;
}

#define DECIDES(text, path, rule, sentence) CHECK_SAME(decides((text), (path)), (rule), sentence)
#define ASKED(a, r, s)			    (asked.absolute == (a) && asked.resolved == (r) && asked.same == (s))

static void check_rules(void)
{
	DECIDES("", "/bin/sh", "", "a profile without rules decides nothing");
	DECIDES("[a]\nmatch=x\n[b]\n[c]\n", "/bin/sh", "b",
		"a rule without match fits every program");
	DECIDES("[a]\nmatch=sh\n[b]\nmatch=s*\n", "/bin/sh", "a",
		"the first rule decides, a literal one");
	DECIDES("[b]\nmatch=s*\n[a]\nmatch=sh\n", "/bin/sh", "b", "or a wild one");
	DECIDES("[b]\nmatch=s*\nexcept=sh\n[a]\nmatch=sh\n", "/bin/sh", "a",
		"but not one with an exception");
	DECIDES("[a]\nexcept=sh\nexcept=make\n", "/bin/make", "", "also where it fits all others");
	CHECK(ASKED(0, 0, 0), "none of this needs a path");
	DECIDES("[a]\nmatch=x\nmatch=y\nmatch=sh\n", "/bin/sh", "a",
		"any match of a rule is enough");
	DECIDES("[a]\nmatch=/usr/bin/sh\n", "/usr/bin/sh", "a", "a path fits as it is spelled");
	CHECK(ASKED(1, 0, 0), "and is not resolved then");
	DECIDES("[a]\nmatch=/usr/bin/sh\n", "/bin/sh", "a", "or by being the same file");
	CHECK(ASKED(1, 0, 1), "which needs no resolving");
	DECIDES("[a]\nmatch=/usr/*/sh\n", "/bin/sh", "a", "a wild one, or by the resolved path");
	CHECK(ASKED(1, 1, 0), "which is asked for once");
	DECIDES("[a]\nmatch=/bin/curl\n[b]\nmatch=*/x/*.c\n[c]\nmatch=/usr*wget\n", "/bin/sh", "",
		"what cannot fit by its last component does not");
	CHECK(ASKED(0, 0, 0), "and asks for nothing");
	DECIDES("[a]\nmatch=/usr*sh\n", "/usr/bin/sh", "a", "a star crosses slashes");
	DECIDES("[a]\nmatch=/usr*sh\n", "/bin/sh", "", "but then its own last component is not sh");
	CHECK(ASKED(1, 0, 0), "and nothing is resolved");
	DECIDES("[a]\nmatch=/opt/x*\n", "/bin/sh", "", "nor for a star at the end");
	CHECK(ASKED(1, 0, 0), "which might have eaten the slash");
	DECIDES("[a]\nmatch=/usr/bin/vim.basic\n", "/bin/vi", "",
		"the last component is that which was given");
	DECIDES("[a]\nmatch=/bin/vi\n", "/usr/bin/vi", "a", "two spellings of a link are the same");
	DECIDES("[a]\nexcept=/bin/vi\n", "/usr/bin/vi", "", "for an exception too");
	DECIDES("[a]\nmatch=*/vi\nexcept=*/usr/*\n[b]\n", "/bin/vi", "b",
		"which is resolved as well");
	DECIDES("[a]\nmatch=/opt/*\n[b]\nmatch=/usr/bin/a\n", "/usr/bin/a", "a",
		"a rule that fits when resolved comes before a later one that fits as spelled");
	DECIDES("[a]\nmatch=/opt/*\nexcept=/usr/bin/*\n[b]\nmatch=/usr/bin/a\n", "/usr/bin/a", "b",
		"where it has no exception for the spelled path");
}

static void check_lost(void)
{
	struct profile *p = read_text("[a]\nmatch=*/sh\n[b]\nmatch=/bin/sh\n[c]\nmatch=s?\n");

	asked = program("/bin/sh");
	asked.lost = true;
	CHECK(p && match_first(p, &asked.subject) == &p->rule[2],
	      "a path that cannot be had fits no pattern with a slash");
	profile_free(p);
}

/* What the manual says, rule by rule. */
static bool fits(const char *pattern, const char *path)
{
	const char *base = pattern_base(path);
	char a[100], b[100];

	if (!strchr(pattern, '/'))
		return !fnmatch(pattern, base, 0);
	if (!fnmatch(pattern, path, 0))
		return true;
	if (!pattern_ends(pattern, base))
		return false;
	resolve(path, a, sizeof a);
	return pattern_literal(pattern) ? !strcmp(a, resolve(pattern, b, sizeof b))
					: !fnmatch(pattern, a, 0);
}

static const struct rule *first(const struct profile *p, const char *path)
{
	for (unsigned i = 0; i < p->rules; i++) {
		const struct rule *r = &p->rule[i];
		bool match = !*r->match, except = false;

		for (const char *const *m = r->match; *m; m++)
			match |= fits(*m, path);
		for (const char *const *e = r->except; *e; e++)
			except |= fits(*e, path);
		if (match && !except)
			return r;
	}
	return NULL;
}

static struct profile *random_profile(bool excepts)
{
	static const char *const patterns[] = {
		"/bin/sh",    "/usr/bin/sh",
		"sh",	      "s*",
		"*",	      "*/sh",
		"*/bin/*",    "/usr/*",
		"/usr*sh",    "/opt/*",
		"*/tests/*",  "/bin/vi",
		"vi",	      "/usr/bin/vim.basic",
		"v[hi]",      "/usr/bin[/]sh",
		"/usr/bin/a", "a",
		"/opt/b",     "*/b",
		"?",	      "/bin/?",
		"*/vi*",      "make",
		"/bin/make",
	};
	static char text[2000];
	char *at = text;

	*at = '\0';
	for (unsigned i = 0, n = check_random() % 8; i < n; i++) {
		at += sprintf(at, "[r%u]\n", i);
		for (unsigned k = check_random() % 4; k; k--)
			at += sprintf(at, "match = %s\n", patterns[check_random() % 25]);
		for (unsigned k = excepts ? check_random() % 3 : 0; k; k--)
			at += sprintf(at, "except = %s\n", patterns[check_random() % 25]);
	}
	return read_text(text);
}

/* As one is told of it. */
static const struct rule *first_verdict(const struct profile *p, const char *path)
{
	struct program s = program(path);
	const char *pattern;

	for (unsigned i = 0; i < p->rules; i++)
		if (match_verdict(&p->rule[i], &s.subject, &pattern) == VERDICT_FITS)
			return &p->rule[i];
	return NULL;
}

static void check_differential(bool excepts)
{
	static const char *const paths[] = { "/bin/sh",
					     "/usr/bin/sh",
					     "/bin/vi",
					     "/usr/bin/vi",
					     "/usr/bin/vim.basic",
					     "/usr/bin/a",
					     "/opt/b",
					     "/opt/tests/b",
					     "/usr/local/bin/make",
					     "/x",
					     "/bin/a" };
	unsigned wrong = 0, unseen = 0, often = 0, decided = 0, misjudged = 0;

	for (int i = 0; i < 20000; i++) {
		const char *path = paths[check_random() % 11];
		struct profile *p = random_profile(excepts);
		struct program s = program(path);
		const struct rule *want = first(p, path), *got = match_first(p, &s.subject);

		decided += want != NULL;
		wrong += got != want;
		misjudged += first_verdict(p, path) != want;
		unseen += want && !match_could(p, pattern_base(path));
		often += s.absolute > 1 || s.resolved > 1;
		if (got != want && wrong < 4)
			printf("# %s: %s, not %s\n", path, got ? got->name : "-",
			       want ? want->name : "-");
		profile_free(p);
	}
	CHECK(!wrong && decided > 5000,
	      "20000 random profiles %s exceptions decide as rule by rule",
	      excepts ? "with" : "without");
	CHECK(!misjudged, "the verdict on each rule is the same");
	CHECK(!unseen, "match_could never denies what is decided");
	CHECK(excepts ? often < 1000 : !often, "and %u of them ask for a path twice", often);
}

static void check_could(void)
{
	struct profile *p = read_text("[a]\nmatch=sh\nmatch=/usr/bin/curl\nmatch=*/x/f*x\n"
				      "[b]\nmatch=m*\nexcept=make\nexcept=/bin/mv\n");

	CHECK(p && match_could(p, "sh") && match_could(p, "curl") && match_could(p, "fox") &&
		      match_could(p, "mkdir"),
	      "match_could: what might fit");
	CHECK(p && match_could(p, "mv"), "an exception that needs a path is none yet");
	CHECK(p && !match_could(p, "bash") && !match_could(p, "wget") && !match_could(p, ""),
	      "what cannot");
	CHECK(p && !match_could(p, "make"), "and what is excepted by its name");
	profile_free(p);
}

static double microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void check_many(void)
{
	char *text = malloc(10000 * 60), *at = text;
	double least = 1e9;
	struct profile *p;
	bool right = true;

	for (int i = 0; i < 10000; i++)
		at += sprintf(at, "[r%d]\nmatch = /opt/t%d/bin/tool%d\nnet = new\n", i, i,
			      i % 9000);
	p = read_text(text);
	for (int i = 9999; p && i >= 0; i--) {
		char path[60];
		struct program s = program(path);
		double start = microseconds(), took;

		snprintf(path, sizeof path, "/opt/t%d/bin/tool%d", i, i % 9000);
		s.subject.base = pattern_base(path);
		right &= match_first(p, &s.subject) == &p->rule[i];
		took = microseconds() - start;
		least = took < least ? took : least;
	}
	CHECK(right, "each of 10000 rules is found");
	CHECK(least < 20, "in %.2f us", least);
	profile_free(p);
	free(text);
}

int main(void)
{
	check_rules();
	check_lost();
	check_could();
	check_differential(false);
	check_differential(true);
	check_many();
	return check_end();
}
