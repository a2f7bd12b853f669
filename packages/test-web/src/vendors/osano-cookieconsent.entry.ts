// Makes itself the global `cookieconsent`.
import 'cookieconsent';
