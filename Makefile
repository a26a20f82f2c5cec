# make              build/libnsshim.so and build/nsshim
# make demo, check  install what is missing first (make deps); check takes ONLY='words of a case'
# make install      PREFIX=/usr/local LIBDIR=lib DESTDIR=
# Variants, each in a directory of its own below build/: CC=clang, and for the unit tests alone
# SAN=1 (ASan, UBSan) and COV=1 (gcov). V=1 shows the commands, WERROR=1 or CI=true adds -Werror.

PREFIX  ?= /usr/local
LIBDIR  ?= lib
DESTDIR ?=
CFLAGS  ?= -O2 -g
FUZZ    ?= 60
VERSION := 0.1
MARKED  := $(strip $(filter-out cc gcc,$(notdir $(firstword $(CC)))) \
             $(if $(SAN),san) $(if $(COV),cov))
B       := build$(if $(MARKED),/$(subst $() ,-,$(MARKED)))

# Where LIBDIR is the folder of libraries of this machine alone, as lib64 or lib/x86_64-linux-gnu is,
# ld.so's word for it, which leads programs of each kind to theirs.
LIBWORD := $(if $(filter $(LIBDIR),$(or $(addprefix lib/,$(shell $(CC) -print-multiarch)),lib64)),$$LIB)

CONF    := $(wildcard conf/*.c)
# The command's own, which the library has not: for people, and what the helper image does for it.
COMMAND := $(wildcard shim/command/*.c shim/command/*/*.c shim/command/*/*/*.c) \
           $(patsubst %,shim/%.c,nsshim caps compiler idtool image mapper monitor reread subid) \
           $(patsubst %,shim/sets/%.c,crowd holder pool post stock sweep)
LIBRARY := $(CONF) $(filter-out $(COMMAND),$(wildcard shim/*.c shim/inner/*.c shim/sets/*.c))
DOORS   := shim/hook.c shim/init.c # for the library alone: what replaces functions of libc, and its entry
COMMON  := $(filter-out $(DOORS),$(LIBRARY))
PROG    := $(patsubst tests/prog/%.c,$(B)/tests/%,$(filter-out $(PROG_SKIPPED),$(wildcard tests/prog/*.c))) \
           $(patsubst tests/lib/%.c,$(B)/tests/%.so,$(wildcard tests/lib/*.c))
UNIT    := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))
BENCH   := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))

OURS    := -std=gnu11 -Wall -Wextra -I. -D_FILE_OFFSET_BITS=64 -DPREFIX='"$(PREFIX)"' \
           -DLIBDIR='"$(LIBDIR)"' -DLIBWORD='"$(LIBWORD)"' -DVERSION='"$(VERSION)"' -MMD -MP \
           $(if $(WERROR)$(filter true,$(CI)),-Werror) \
           $(if $(SAN),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined) \
           $(if $(COV),--coverage)
HIDDEN  := -fPIC -fvisibility=hidden -U_FORTIFY_SOURCE
COMPILE  = $(CC) $(OURS) $(HIDDEN) $(CPPFLAGS) $(CFLAGS)
PLAIN    = $(CC) $(OURS) $(PROG_FLAGS) -MF $@.d -pthread $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
SHARED  := -shared -nostartfiles -Wl,-e,nsshim_init -Wl,-soname,libnsshim.so -Wl,--version-script=$(B)/nsshim.map \
           -Wl,-z,defs -Wl,-z,now -Wl,-z,noseparate-code -Wl,--hash-style=gnu -Wl,--exclude-libs,ALL -Wl,--as-needed
Q       := $(if $(V),,@)
SAY      = $(if $(V),@:,@printf "  %-5s %s\n" $(1) $@)
OBJ      = $(patsubst %.c,$(B)/%.o,$(1))
MAN      = $(sort $(wildcard conf/*.$(1) shim/*.$(1)))
PUT      = install -D -t '$(DESTDIR)$(PREFIX)/$(2)' -m $(1)
# What may be in use has no moment in which it is not there, and others start outside.
RENAME   = install -D -m 755 $(B)/$(notdir $(1)) '$(DESTDIR)$(PREFIX)/$(1).new' && \
           mv -f '$(DESTDIR)$(PREFIX)/$(1).new' '$(DESTDIR)$(PREFIX)/$(1)'

ifeq ($(SAN)$(COV),)
all: $(B)/libnsshim.so $(B)/nsshim
tests: all $(PROG) $(UNIT)
else
all tests: $(UNIT)
endif

$(B)/nsshim.map: shim/nsshim.map shim/versions.h $(B)/flags
	$(Q)$(CC) -E -P -I. -x c -o $@ $<
$(B)/libnsshim.so: $(call OBJ,$(LIBRARY)) $(B)/nsshim.map
	$(call SAY,LINK)
	$(Q)$(COMPILE) $(LDFLAGS) $(SHARED) -o $@ $(filter %.o,$^) -l:libinih.a
$(B)/nsshim: $(call OBJ,$(COMMAND)) $(B)/common.a
	$(call SAY,LINK)
	$(Q)$(COMPILE) $(LDFLAGS) -o $@ $^ -l:libinih.a -l:libcap.a -l:libseccomp.a -l:libjansson.a
$(B)/common.a: $(call OBJ,$(COMMON))
	$(call SAY,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/%.o: %.c $(B)/flags
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && $(COMPILE) -c -o $@ $<
$(PROG) $(BENCH): $(B)/flags
$(B)/tests/%.so: tests/lib/%.c
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && $(PLAIN) -shared -fPIC -o $@ $<
$(B)/tests/%: tests/prog/%.c
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && $(PLAIN) -o $@ $<
$(B)/bench/%: tests/bench/%.c
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && $(PLAIN) -o $@ $<
$(B)/unit/%: tests/unit/%.c $(B)/common.a
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && $(PLAIN) -o $@ $< $(B)/common.a -l:libinih.a -l:libcap.a
$(B)/fuzz/%: tests/fuzz/%.c $(CONF) $(wildcard conf/*.h)
	$(call SAY,CC)
	$(Q)mkdir -p $(@D) && clang -std=gnu11 -I. -DPREFIX='"$(PREFIX)"' -O1 -g -fno-omit-frame-pointer \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o $@ $< $(CONF) -l:libinih.a
# Holds the command line, so that objects made with another one are made again.
$(B)/flags: force
	@mkdir -p $(@D); echo '$(subst ','\'',$(COMPILE))' | cmp -s - $@ || echo '$(subst ','\'',$(COMPILE))' >$@

deps:
	@.ci/deps
demo: # the builds start when the packages are there
	@.ci/deps build
	+@$(MAKE) --no-print-directory all
	@BUILD=$(B) examples/demo
check:
	@.ci/deps build check
	+@$(MAKE) --no-print-directory tests
	@BUILD=$(B) tests/run $(if $(SAN)$(COV),--unit) $(ONLY)
soak: tests # many more children than make check starts
	@BUILD=$(B) SOAK=20000 bash tests/case/children-of-many-threads-are-each-in-their-own-pid-namespace.sh
	@BUILD=$(B) SOAK=2000 bash tests/case/no-link-that-is-swapped-in-leads-files-of-a-rule-outside.sh
aarch64 i686: # built for that machine, and tried as far as this one can
	@.ci/deps build $@
	+@$(MAKE) --no-print-directory B=$(B)/$@ CC=$@-linux-gnu-gcc tests
	@BUILD=$(B) tests/abi/run $@
riscv64: # the same, by the libraries of a newer Debian: this one has none for it
	@.ci/deps build $@
	@[ -e $(B)/$@/root/done ] || { .ci/archive $(B)/$@/root $@ libc6 libc6-dev linux-libc-dev libgcc-s1 \
		libinih-dev libcap-dev libseccomp-dev libjansson-dev && touch $(B)/$@/root/done; }
	+@$(MAKE) --no-print-directory B=$(B)/$@ CC='$@-linux-gnu-gcc --sysroot=$(CURDIR)/$(B)/$@/root' \
		LDFLAGS=-L$(CURDIR)/$(B)/$@/root/usr/lib/$@-linux-gnu tests
	@BUILD=$(B) tests/abi/run $@
musl: # the library for programs of musl, and the one of glibc in such programs
	@.ci/deps build musl
	@.ci/musl $(B)/musl/sys
	+@$(MAKE) --no-print-directory tests
	+@$(MAKE) --no-print-directory B=$(B)/musl CC=musl-gcc CPPFLAGS='-isystem $(B)/musl/sys/include' \
		LDFLAGS=-L$(B)/musl/sys/lib PROG_FLAGS='-include tests/abi/musl.h' \
		PROG_SKIPPED=tests/prog/life.c tests
	@BUILD=$(B) tests/abi/run musl
aarch64 i686 riscv64: tests # programs start those of the other machine
matrix: all # root; by what programs are started, and how they enter: .ci/deps matrix installs it; README=1 puts the table there
	@BUILD=$(B) tests/matrix/run $(if $(README),--readme)
pictures: # of the README: what a terminal shows, drawn anew
	@.ci/deps build pictures
	+@$(MAKE) --no-print-directory all
	@examples/pictures/draw $(B)
cluster: tests # root; more than one host: .ci/deps cluster installs what starts programs on them
	@BUILD=$(B) tests/cluster/run $(ONLY)
bench bench-quick: all $(BENCH)
	@BUILD=$(B) tests/bench/run $(if $(filter bench-quick,$@),--quick)
fuzz: $(FUZZERS)
	$(Q)for f in $^; do mkdir -p $$f.found && $$f -max_total_time=$(FUZZ) -verbosity=0 \
		-artifact_prefix=$$f.found/ $$f.found tests/fuzz/$${f##*/} || exit 1; done
clean:
	rm -rf build

install: all
	$(call RENAME,$(LIBDIR)/libnsshim.so)
	$(call RENAME,bin/nsshim)
	$(call PUT,644,share/man/man1) $(call MAN,1)
	$(call PUT,644,share/man/man5) $(call MAN,5)
	$(call PUT,644,share/man/man7) $(call MAN,7)
	$(call PUT,644,share/nsshim) $(wildcard examples/*.ini)
	install -d '$(DESTDIR)$(PREFIX)/$(LIBDIR)/pkgconfig'
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/$(LIBDIR)' 'preload=$${libdir}/libnsshim.so' \
		'profiledir=$${prefix}/share/nsshim' '' 'Name: nsshim' 'Version: $(VERSION)' \
		'Description: namespaces for what programs start' >'$(DESTDIR)$(PREFIX)/$(LIBDIR)/pkgconfig/nsshim.pc'
	install -D -m 644 shim/nsshim.bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/nsshim'
	install -D -m 644 shim/nsshim.zsh '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_nsshim'
	install -D -m 644 shim/nsshim.fish '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/nsshim.fish'
uninstall:
	cd '$(DESTDIR)$(PREFIX)' && rm -f $(LIBDIR)/libnsshim.so bin/nsshim $(LIBDIR)/pkgconfig/nsshim.pc \
		share/bash-completion/completions/nsshim share/zsh/site-functions/_nsshim \
		share/fish/vendor_completions.d/nsshim.fish \
		$(addprefix share/man/man1/,$(notdir $(call MAN,1))) \
		$(addprefix share/man/man5/,$(notdir $(call MAN,5))) \
		$(addprefix share/man/man7/,$(notdir $(call MAN,7))) \
		$(patsubst examples/%,share/nsshim/%,$(wildcard examples/*.ini))
	-rmdir --ignore-fail-on-non-empty '$(DESTDIR)$(PREFIX)/share/nsshim'

# Of what is committed: the same bytes each time.
dist:
	$(Q)mkdir -p $(B) && git archive --format=tar --prefix=nsshim-$(VERSION)/ HEAD | gzip -9n >$(B)/nsshim-$(VERSION).tar.gz
deb:
	@.ci/deb $(B)/deb

.PHONY: all pictures dist deb aarch64 i686 riscv64 musl matrix cluster tests deps demo check soak bench bench-quick fuzz clean install uninstall force
.DELETE_ON_ERROR:
-include $(patsubst %.o,%.d,$(call OBJ,$(LIBRARY) $(COMMAND))) $(addsuffix .d,$(PROG) $(UNIT) $(BENCH))
