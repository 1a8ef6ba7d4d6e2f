/*
 * What a program needs to be loaded: its ELF interpreter and the libraries it names, read from its
 * headers (elf(5)), and where the dynamic loader's cache (ld.so(8)) has them.
 */
#ifndef ROLEGATE_ELF_NEEDS_H
#define ROLEGATE_ELF_NEEDS_H

#include "base/arena.h"
#include "base/strings.h"

struct elf_needs {
	const char *interpreter;    /* absolute path, or NULL */
	struct strings libraries;   /* as named: "libc.so.6" or a path */
	struct strings directories; /* DT_RPATH and DT_RUNPATH, "$ORIGIN" replaced */
};

/*
 * Reads the headers of the open file `fd`, which lies in the directory `origin`. A file that is no
 * ELF file of this machine, or a damaged one, needs nothing.
 */
void elf_read_needs(struct arena *arena, int fd, const char *origin, struct elf_needs *needs);

/* The loader's cache, mapped; `bytes` NULL: there is none. */
struct loader_cache {
	const char *bytes;
	size_t length;
};
void loader_cache_open(struct loader_cache *cache);
void loader_cache_close(struct loader_cache *cache);
/* Adds every path that it has for `name`, or for names that start so if `prefix`, to `paths`. */
void loader_cache_find(struct arena *arena, const struct loader_cache *cache, const char *name,
	bool prefix, struct strings *paths);

#endif
