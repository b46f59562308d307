// The least that a program of this kind has to load.
import 'node:http'
import 'node:sqlite'
