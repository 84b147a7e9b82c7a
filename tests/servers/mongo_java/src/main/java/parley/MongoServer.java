package parley;

import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;

/** A server of MongoDB's protocol, for tests: arguments are the data file and the port (0: any free one). */
public final class MongoServer {
    private MongoServer() {}

    public static void main(String[] arguments) throws Exception {
        var backend = new H2Backend(arguments[0]).version(ServerVersion.MONGO_5_0);
        var server = new de.bwaldvogel.mongo.MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
        System.out.println("ready on port " + server.getLocalAddress().getPort());
        System.out.flush();
        // Whoever started it holds its standard input: when that one dies, so does the server.
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }
}
