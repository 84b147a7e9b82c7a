package parley;

import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A server of MongoDB's protocol, for tests: arguments are the data file and the port (0: any free one). */
public final class MongoServer {
    private MongoServer() {}

    /**
     * Keeps the promise of a write concern with j: what it acknowledges is in the file. Writes come one after
     * another, so that no commit sees half of one; H2's own commits, about once a second, are off. While an
     * index is made nobody reads: a look through a collection's indexes fails when one is added meanwhile.
     */
    private static final class DurableBackend extends H2Backend {
        private final ReadWriteLock indexes = new ReentrantReadWriteLock();

        DurableBackend(String file) {
            super(file);
            getMvStore().setAutoCommitDelay(0);
        }

        @Override
        public Document handleMessage(MongoMessage message) {
            var makesIndexes = message.getDocument().containsKey("createIndexes");
            var lock = makesIndexes ? indexes.writeLock() : indexes.readLock();
            lock.lock();
            try {
                return handleDurably(message);
            } finally {
                lock.unlock();
            }
        }

        private Document handleDurably(MongoMessage message) {
            if (!message.getDocument().containsKey("writeConcern")) {
                return super.handleMessage(message);
            }
            synchronized (this) {
                var reply = super.handleMessage(message);
                commit();
                return reply;
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        var backend = new DurableBackend(arguments[0]).version(ServerVersion.MONGO_5_0);
        var server = new de.bwaldvogel.mongo.MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
        System.out.println("ready on port " + server.getLocalAddress().getPort());
        System.out.flush();
        // Whoever started it holds its standard input: when that one dies, so does the server.
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }
}
