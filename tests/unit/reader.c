#include "conf/reader.h"
#include "tests/unit/check.h"

/* All lines of a text, as `NUMBER KIND NAME`, with `: WHY` for a bad one; the same each time. */
static const char *lines_of(const char *text, size_t len, bool inline_rule)
{
	static char all[4096];
	struct reader r = reader_over(text, len, inline_rule);
	struct line l;
	size_t n = 0;

	all[0] = '\0';
	while (reader_next(&r, &l) != LINE_END && n < sizeof all)
		n += (size_t)snprintf(all + n, sizeof all - n, "%d %s %.*s%s%.30s|", r.line,
				      l.kind == LINE_SECTION ? "section"
				      : l.kind == LINE_KEY   ? "key"
				      : l.header	     ? "badsection"
							     : "bad",
				      (int)(l.name_len < 40 ? l.name_len : 40), l.name,
				      l.kind == LINE_BAD ? ": " : "",
				      l.kind == LINE_BAD ? l.why : "");
	return all;
}

#define FILE_SAYS(text, want, sentence)                                                            \
	CHECK_SAME(lines_of((text), sizeof(text) - 1, false), (want), sentence)
#define INLINE_SAYS(text, want, sentence)                                                          \
	CHECK_SAME(lines_of((text), sizeof(text) - 1, true), (want), sentence)

static void check_good(void)
{
	FILE_SAYS("", "", "an empty text has no lines");
	FILE_SAYS("\n\n \t\n# a\n; b\n  ; c\n \t# d\n", "", "nor have blanks and comments");
	FILE_SAYS("[a]\nkey = value\n", "1 section a|2 key key|", "a section and a key");
	FILE_SAYS("[a]\r\nkey = value\r\n\r\n", "1 section a|2 key key|",
		  "lines that end in CR LF");
	FILE_SAYS("[a]\nkey = value", "1 section a|2 key key|", "the last line needs no newline");
	FILE_SAYS("\xef\xbb\xbf[a]\n", "1 section a|", "a BOM is passed over");
	FILE_SAYS("[a b] ; x\n[c]\t;y\n[d]  \n", "1 section a b|2 section c|3 section d|",
		  "a comment or blanks may follow a header");
	FILE_SAYS("k=v\nk =v\nk= v\n", "1 key k|2 key k|3 key k|", "blanks around `=` are free");
	FILE_SAYS("k = a=b:c\n", "1 key k|", "a value may hold `=` and `:`");
	FILE_SAYS("k;x = v\n", "1 key k;x|", "a `;` that no blank precedes begins no comment");
	FILE_SAYS("[a;b]\n[a#b]\n", "1 section a;b|2 section a#b|", "nor does it in a header");
}

static void check_bad(void)
{
	FILE_SAYS("[a\nk = v\n", "1 badsection [a: a section's header without a `|2 key k|",
		  "a header that is not closed");
	FILE_SAYS("[a ; b]\n", "1 badsection [a: a section's header without a `|",
		  "or closed in a comment");
	FILE_SAYS("[a]b\n", "1 badsection [a]: text after the `]`: inih would|",
		  "text after a header");
	FILE_SAYS("[a] # b\n", "1 badsection [a]: text after the `]`: inih would|",
		  "`#` begins no comment there");
	FILE_SAYS("[a];b\n", "1 badsection [a]: text after the `]`: inih would|",
		  "nor does `;` without a blank");
	FILE_SAYS("[a]]\n", "1 badsection [a]: text after the `]`: inih would|", "a second `]`");
	FILE_SAYS("[]\n", "1 badsection []: a section without a name|", "a header without a name");
	FILE_SAYS("[ a]\n[a ]\n[a\tb]\n",
		  "1 badsection [ a]: a section's name with a blank |2 badsection [a ]: a "
		  "section's name "
		  "with a blank |3 badsection [a\tb]: a section's name with a blank |",
		  "a name with a blank at its edge, or a control character");
	FILE_SAYS(" [a]\n", "1 badsection [a]: indented: inih would take it f|",
		  "an indented header");
	FILE_SAYS("k = v\n  l = w\n\tm\n",
		  "1 key k|2 bad l: indented: inih would take it f|"
		  "3 bad m: indented: inih would take it f|",
		  "a continuation, whatever it looks like");
	FILE_SAYS("word\n", "1 bad word: no `=` after it: a line is `KE|", "a word alone");
	FILE_SAYS("k: v\n", "1 bad k: no `=` after it: a line is `KE|", "`:` is not taken for `=`");
	FILE_SAYS("k: v = w\n", "1 bad k: no `=` after it: a line is `KE|", "nor passed over");
	FILE_SAYS("k ; = v\n", "1 bad k: no `=` after it: a line is `KE|",
		  "an `=` in a comment is none");
	FILE_SAYS("= v\n", "1 bad line: no key before the `=`|", "no key");
	FILE_SAYS("[a]\n\xef\xbb\xbfk = v\n",
		  "1 section a|2 bad \xef\xbb\xbfk: a byte order mark: only a file|",
		  "a BOM that does not begin the file");
	FILE_SAYS("\xef\xbb\xbf\xef\xbb\xbfk=v",
		  "1 bad \xef\xbb\xbfk: a byte order mark: only a file|", "two of them");
	FILE_SAYS("k = v\0\nl = w\0x\n", "1 bad k: a NUL byte|2 bad l: a NUL byte|", "NUL bytes");
	FILE_SAYS("# \0\n\0\n[a\0]\n",
		  "1 bad #: a NUL byte|2 bad line: a NUL byte|"
		  "3 badsection [a: a NUL byte|",
		  "in a comment, alone, in a header");
}

static const char *of_length(size_t len, const char *start, const char *end, bool inline_rule)
{
	static char text[1000];

	memset(text, 'x', sizeof text);
	memcpy(text, start, strlen(start));
	memcpy(text + len, end, strlen(end) + 1);
	return lines_of(text, strlen(text), inline_rule);
}

static void check_lengths(void)
{
	char name[60];

	CHECK_SAME(of_length(198, "k=", "\n", false), "1 key k|", "a line of 198 bytes is taken");
	CHECK_SAME(of_length(198, "k=", "", false), "1 key k|", "with a newline or without");
	CHECK_SAME(of_length(199, "k=", "\n", false), "1 bad k: a line of more than 198 bytes|",
		   "one of 199 is refused");
	CHECK_SAME(of_length(199, "k=", "", false), "1 bad k: a line of more than 198 bytes|",
		   "with a newline or without");
	CHECK_SAME(of_length(198, "k=", "\r\n", false), "1 bad k: a line of more than 198 bytes|",
		   "a carriage return counts");
	CHECK_SAME(of_length(199, "# =", "\n", false), "1 bad #: a line of more than 198 bytes|",
		   "a comment too: inih would take its rest for a line");
	CHECK_SAME(of_length(199, "[a] ;", "\n", false),
		   "1 badsection [a]: a line of more than 198 bytes|", "and a header");
	CHECK_SAME(of_length(199, "k=", "; l=w", true),
		   "1 bad k: a line of more than 198 bytes|2 key l|",
		   "an assignment of an inline rule likewise");
	CHECK_SAME(of_length(198, "k=", "; l=w", true), "1 key k|2 key l|", "each for itself");
	memset(name, 'n', sizeof name);
	memcpy(name, "[", 1);
	memcpy(name + 50, "]\n", 3);
	CHECK(!strncmp(lines_of(name, 52, false), "1 section ", 10), "a name of 49 bytes is taken");
	memcpy(name + 50, "n]\n", 4);
	CHECK(strstr(lines_of(name, 53, false), "a section's name of more than "),
	      "one of 50 is refused");
}

static void check_inline(void)
{
	INLINE_SAYS("net=new", "1 key net|", "an inline rule is one assignment");
	INLINE_SAYS("net=new; ipc = new;uts=new", "1 key net|2 key ipc|3 key uts|", "or several");
	INLINE_SAYS(" net=new ;; \n;ipc=new; ", "1 key net|2 key ipc|",
		    "blank ones do not count, nor do blanks around");
	INLINE_SAYS(
		"net=new; [a]; #x=y; word",
		"1 key net|2 badsection line: an inline rule has assignments|3 bad line: an inline "
		"rule has assignments|4 bad word: no `=` after it: a line is `KE|",
		"neither sections, nor comments, nor words");
}

int main(void)
{
	check_good();
	check_bad();
	check_lengths();
	check_inline();
	return check_end();
}
