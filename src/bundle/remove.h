#ifndef ROLEGATE_BUNDLE_REMOVE_H
#define ROLEGATE_BUNDLE_REMOVE_H

/*
 * Removes the directory `name` below `parent` with all that is in it, following no link, the entry
 * `last` of its top at the end, so that an interruption leaves that. 0, or -1 and errno.
 */
int remove_tree(int parent, const char *name, const char *last);

#endif
