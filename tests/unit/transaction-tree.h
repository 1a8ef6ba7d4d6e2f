/*
 * Trees for tests of transactions, in a mount namespace of its own with /srv and the gateway's
 * state in memory: what they hold as text, and what an account does to them.
 */
#ifndef ROLEGATE_TEST_TRANSACTION_TREE_H
#define ROLEGATE_TEST_TRANSACTION_TREE_H

#include "base/arena.h"
#include "transaction/transaction.h"

#define TREE "/srv/app"
enum { TREE_ACCOUNT = 2000 };

/* Once: the namespace. Skips the test without root. */
void tree_need_root(void);
/* An empty state directory, and TREE as it is before every test. */
void tree_make(void);
/*
 * Every file below `path` with its type, mode, owner, attributes and bytes or target, sorted; what
 * a transaction left under a temporary name shows too.
 */
const char *tree_text(struct arena *arena, const char *path);

/* Opens a transaction on TREE. 0, or -1 with *complaint. */
int tree_open(struct arena *arena, const char *id, struct transaction *transaction,
	const char **complaint);
/* Runs `act` as TREE_ACCOUNT in the overlay: its return value, as a status. */
int tree_act(const struct transaction *transaction, int (*act)(void));
/* The same without a transaction. */
int tree_act_directly(int (*act)(void));
/* Files below the gateway's state, but locks: how many. */
int tree_leftovers(void);

int tree_write(const char *path, const char *text, unsigned mode);
/* Every kind of change. */
int tree_change(void);

#endif
