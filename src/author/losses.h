/* What an import could not carry over: where it stood, what it is, and why. */
#ifndef ROLEGATE_AUTHOR_LOSSES_H
#define ROLEGATE_AUTHOR_LOSSES_H

#include "author/sheet.h"

struct loss {
	const char *origin; /* "line 12", "User_Specs[3]: alice ALL = ..." */
	const char *what;
	const char *why;
};

struct losses {
	struct arena *arena;
	struct loss *items;
	size_t count;
};

/* The same loss is kept once. */
void losses_add(struct losses *losses, const char *origin, const char *what, const char *format,
	...) __attribute__((format(printf, 4, 5)));
/* Those from `first` on as a comment; nothing when there are none. */
void losses_comment(const struct losses *losses, size_t first, struct sheet *sheet);

#endif
