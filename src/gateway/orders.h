/*
 * What ends from outside: the listener orders a session to end its run or itself. The order lies in
 * memory that they share, and a signal wakes the session. Both sides name what they mean by its
 * random id, so that an order for a run that is just over ends nothing else; and the listener is
 * the parent of the process that it signals, whose number is nobody else's before it was waited
 * for.
 */
#ifndef ROLEGATE_ORDERS_H
#define ROLEGATE_ORDERS_H

#include "gateway/sessions.h"

/* The signal that says: look at your order, or at the number of configurations */
#define ORDER_SIGNAL SIGUSR1

/* The listener's. `request`: that run alone; NULL: the session. */
void order_give(const struct session_slot *slot, const char *request, const char *reason);

/*
 * The session's. True when there is one that *seen does not count yet; then `copy` is it, and *seen
 * counts it. Of two given at once the later one's run and reason are read; that the session is to
 * end is never lost.
 */
bool order_take(const struct session_order *order, uint32_t *seen, struct session_order *copy);

#endif
