/** The product's worker in a process of its own, which ends when the bench does. */
process.on('disconnect', () => process.exit(1));
require('../../workers/worker-main');
