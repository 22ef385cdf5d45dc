// The three panes: the queue keeps itself fresh, the map shows its rows, the case opens beside them.
import { keepQueue } from "./queue.js";
import { keepMap } from "./map_pane.js";
import { keepCase } from "./case.js";
import { keepLive } from "./live.js";

keepQueue();
keepMap();
keepCase();
keepLive();
