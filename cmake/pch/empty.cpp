// Precompiled headers need a file to hang on.
