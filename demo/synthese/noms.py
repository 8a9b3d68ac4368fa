"""Names, streets and towns for synthetic dossiers. Invented people: only the frequency of the names is realistic."""

from typing import NamedTuple


class Commune(NamedTuple):
    """A town: ``insee`` is its code for births, ``poids`` its relative frequency."""

    nom: str
    code_postal: str
    insee: str
    departement: str
    poids: int


def _mots(texte: str) -> tuple[str, ...]:
    """Words of the text; a tilde stands for a space inside one."""
    return tuple(mot.replace("~", " ") for mot in texte.split())


PRENOMS_F = _mots("""
Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine Stéphanie Véronique Sophie
Céline Chantal Patricia Anne Brigitte Julie Monique Aurélie Nicole Laurence Annie Émilie Dominique Virginie Corinne
Élodie Christelle Camille Caroline Léa Sarah Florence Laetitia Audrey Hélène Laura Mélanie Karine Pauline Cécile Agnès
Marion Delphine Claudine Sabrina Charlotte Amandine Manon Emma Chloé Inès Jade Louise Lucie Mathilde Clara Anaïs
Océane Justine Morgane Elisa Lina Zoé Alice Juliette Rose Romane Ambre Mila Yasmine Fatima Aïcha Samira Nadia Leïla
Khadija Farida Nour Malika Aminata Fatoumata Mariam Awa Bintou Linh Mai Thanh Yuki Ana Rosa Carmen Dolorès Conceição
Giulia Chiara Ekaterina Olga Natacha Irène Odette Yvette Suzanne Simone Ginette Jeannine Marcelle Thérèse Geneviève
Bernadette Josiane Danielle Éliane Ghislaine Solange Colette Maëlys Maëlle Gwenaëlle Nolwenn Rozenn Soizic Anne-Sophie
Marie-Claude Marie-Christine Marie-Hélène Anne-Laure Marie-Thérèse Rose-Marie Léonie Margaux Ophélie Noémie Salomé
Zélie Capucine Apolline Héloïse Éva Élise Estelle Fanny Gaëlle Hortense Ingrid Joséphine Katia Ludivine Magali Noëlle
Régine Séverine
""")

PRENOMS_M = _mots("""
Jean Philippe Michel Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent Stéphane David Pascal
Daniel Alexandre Julien Thierry Olivier Bernard Thomas Sébastien Gérard Didier Dominique Vincent François Bruno
Guillaume Jérôme Jacques Marc Maxime Romain Claude Antoine Franck Jean-Pierre Anthony Kévin Gilles Cédric Serge André
Mathieu Benjamin Patrice Fabrice Joël Jérémy Clément Arnaud Denis Paul Lucas Hervé Jean-Claude Sylvain Yves Ludovic
Guy Florian Damien Alexis Mickaël Quentin Emmanuel Louis Benoît Jean-Luc Fabien Francis Hugo Jonathan Loïc Xavier Théo
Adrien Raphaël Jean-François Grégory Robert Michaël Valentin Cyril Jean-Marc René Lionel Yannick Enzo Yann Jean-Michel
Baptiste Matthieu Rémi Georges Aurélien Nathan Jean-Paul Gabriel Arthur Mohamed Karim Mehdi Rachid Youssef Ahmed Hamza
Bilal Samir Farid Abdelkader Ibrahima Mamadou Ousmane Moussa Cheikh Amadou Minh Tuấn Long José Manuel António Paulo
Luís Giuseppe Marco Piotr Dmitri Ángel Léo Noah Ethan Gaël Malo Titouan Erwan Ronan Tanguy Gwendal Loris Tom Axel
Jules Maël Sacha Timéo Lucien Marcel Roger Raymond Henri Maurice Fernand Émile Gaston Achille Anatole Barthélémy Côme
Désiré Edgar Félix Gaspard Jean-Baptiste Pierre-Yves Marc-Antoine Paul-Émile Charles-Henri Ambroise Célestin Éloi
Gérald Hippolyte Ismaël Joachim
""")

NOMS = _mots("""
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David
Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure André Mercier
Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel
Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly
Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard
Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland
Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps
Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault
Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le~Gall Collet Léger Bouvier Julien Prévost
Millet Perrot Daniel Le~Roux Cousin Germain Breton Besson Langlois Rémy Le~Goff Pelletier Lévêque Perrier Leblanc
Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin
Poulain Tessier Chevallier Collin Chauvin Da~Silva Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine Hoarau
Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte Gros Buisson Briand Alexandre
Georges Navarro Besnard Coulon Ollivier D'Angelo D'Almeida D'Hondt D'Arcy O'Connor O'Brien L'Hostis N'Diaye N'Guessan
Nguyễn Trần Phạm Hoàng Benali Haddad Belkacem Bouzid Mansouri Ben~Salem El~Amrani Traoré Diallo Cissé Koné Touré
Diarra Camara Sow Keïta Coulibaly Mendes Ferreira Gonçalves Pereira Rossi Müller Schäfer Kowalski Nowak Petrović Çelik
Yılmaz Özdemir Ivanov Popescu Vandenberghe Van~den~Broeck De~Sousa Dos~Santos De~La~Fontaine Du~Plessis Saint-Martin
Martin-Dubois Petit-Jean Leroy-Beaulieu Dupont-Aignel Lévy Cohen Benhamou Étchegaray Etcheverry Ibarra Kerbrat
Quéméner Le~Bihan Guéguen Tanguy Castellani Casanova Santoni Luciani Heitz Kieffer Zimmermann Wendling Hoffmann Wagner
Delattre Deleuze Vandamme Desmet Payen Théry
""")

VOIES = _mots("""
rue~de~la~République rue~Victor-Hugo avenue~Jean-Jaurès rue~Pasteur place~de~la~Mairie rue~des~Écoles rue~du~Moulin
avenue~du~Général-de-Gaulle rue~de~l'Église rue~des~Lilas chemin~des~Vignes boulevard~Gambetta rue~Jules-Ferry
impasse~des~Acacias allée~des~Tilleuls rue~du~11-Novembre rue~du~8-Mai-1945 avenue~Foch rue~Émile-Zola rue~Marie-Curie
route~de~Lyon chemin~du~Lavoir rue~des~Érables place~du~Marché rue~Saint-Michel quai~de~la~Marne rue~de~Verdun
avenue~Aristide-Briand rue~Léon-Blum cours~Mirabeau rue~Simone-Veil allée~Rosa-Parks rue~du~Château rue~Basse
""")

LIEUX = _mots("""
Autoroute~A1 Autoroute~A4 Autoroute~A6 Autoroute~A7 Autoroute~A8 Autoroute~A9 Autoroute~A10 Autoroute~A11
Autoroute~A13 Autoroute~A20 Autoroute~A31 Autoroute~A35 Autoroute~A43 Autoroute~A61 Autoroute~A62 Autoroute~A63
Autoroute~A71 Autoroute~A75 Autoroute~A83 Autoroute~A84 RN~7 RN~10 RN~12 RN~20 RN~57 RN~88 RN~104 RN~118 RN~137 RN~165
RD~6 RD~14 RD~19 RD~31 RD~86 RD~113 RD~559 RD~606 RD~820 RD~900 RD~1006 RD~1075 Boulevard~périphérique Rocade
Avenue~de~la~Gare Boulevard~Carnot Rue~de~Paris Cours~de~Vincennes Avenue~de~la~Libération Route~de~Toulouse
""")

PAYS_NAISSANCE = (
    "99352", "99351", "99350", "99341", "99333", "99326", "99139", "99127", "99134", "99208", "99243", "99109", "99122",
)  # fmt: skip

_COMMUNES = """
Paris 75011 75056 75 60;Paris 75018 75056 75 50;Paris 75015 75056 75 50;Marseille 13008 13055 13 45
Lyon 69003 69123 69 40;Toulouse 31200 31555 31 35;Nice 06200 06088 06 25;Nantes 44300 44109 44 25
Montpellier 34070 34172 34 22;Strasbourg 67100 67482 67 22;Bordeaux 33000 33063 33 25;Lille 59800 59350 59 24
Rennes 35200 35238 35 18;Reims 51100 51454 51 12;Toulon 83000 83137 83 14;Saint-Étienne 42100 42218 42 12
Le~Havre 76600 76351 76 10;Grenoble 38100 38185 38 14;Dijon 21000 21231 21 11;Angers 49000 49007 49 11
Nîmes 30000 30189 30 11;Villeurbanne 69100 69266 69 12;Clermont-Ferrand 63000 63113 63 11;Le~Mans 72000 72181 72 10
Aix-en-Provence 13090 13001 13 11;Brest 29200 29019 29 9;Tours 37000 37261 37 10;Amiens 80000 80021 80 9
Limoges 87000 87085 87 8;Annecy 74000 74010 74 12;Perpignan 66000 66136 66 10;Metz 57000 57463 57 11
Besançon 25000 25056 25 9;Orléans 45000 45234 45 10;Rouen 76000 76540 76 12;Mulhouse 68200 68224 68 9
Caen 14000 14118 14 9;Nancy 54000 54395 54 10;Saint-Denis 93200 93066 93 20;Argenteuil 95100 95018 95 16
Montreuil 93100 93048 93 16;Roubaix 59100 59512 59 12;Tourcoing 59200 59599 59 11;Avignon 84000 84007 84 9
Dunkerque 59140 59183 59 9;Poitiers 86000 86194 86 8;Versailles 78000 78646 78 16;Créteil 94000 94028 94 16
Pau 64000 64445 64 9;La~Rochelle 17000 17300 17 9;Calais 62100 62193 62 10;Cannes 06400 06029 06 9
Antibes 06600 06004 06 9;Béziers 34500 34032 34 8;Colmar 68000 68066 68 7;Bourges 18000 18033 18 6
Quimper 29000 29232 29 7;Valence 26000 26362 26 8;Mérignac 33700 33281 33 9;Troyes 10000 10387 10 6
Saint-Nazaire 44600 44184 44 8;Ajaccio 20000 2A004 2A 4;Bastia 20200 2B033 2B 4;Lorient 56100 56121 56 7
Vannes 56000 56260 56 7;Niort 79000 79191 79 6;Chambéry 73000 73065 73 7;Albi 81000 81004 81 6;Tarbes 65000 65440 65 5
Rodez 12000 12202 12 5;Aurillac 15000 15014 15 3;Mende 48000 48095 48 2;Gap 05000 05061 05 3
Digne-les-Bains 04000 04070 04 3;Épinal 88000 88160 88 6;Charleville-Mézières 08000 08105 08 5;Laon 02000 02408 02 7
Auxerre 89000 89024 89 6;Nevers 58000 58194 58 4;Moulins 03000 03190 03 4;Guéret 23000 23096 23 2
Tulle 19000 19272 19 3;Brive-la-Gaillarde 19100 19031 19 3;Périgueux 24000 24322 24 6;Agen 47000 47001 47 5
Mont-de-Marsan 40000 40192 40 6;Auch 32000 32013 32 3;Cahors 46000 46042 46 3;Foix 09000 09122 09 3
Carcassonne 11000 11069 11 4;Narbonne 11100 11262 11 4;Le~Puy-en-Velay 43000 43157 43 4
Bourg-en-Bresse 01000 01053 01 9;Mâcon 71000 71270 71 7;Lons-le-Saunier 39000 39300 39 4;Vesoul 70000 70550 70 4
Belfort 90000 90010 90 3;Bar-le-Duc 55000 55029 55 3;Chaumont 52000 52121 52 3;Châteauroux 36000 36044 36 4
Blois 41000 41018 41 5;Chartres 28000 28085 28 7;Évreux 27000 27229 27 9;Alençon 61000 61001 61 4;Laval 53000 53130 53 5
La~Roche-sur-Yon 85000 85191 85 9;Saint-Brieuc 22000 22278 22 8;Angoulême 16000 16015 16 5;Beauvais 60000 60057 60 11
Arras 62000 62041 62 12;Saint-Lô 50000 50502 50 6;Évry-Courcouronnes 91000 91228 91 18;Massy 91300 91377 91 10
Nanterre 92000 92050 92 16;Boulogne-Billancourt 92100 92012 92 14;Bobigny 93000 93008 93 12;Cergy 95000 95127 95 12
Melun 77000 77288 77 14;Meaux 77100 77284 77 12;Fort-de-France 97200 97209 972 5;Pointe-à-Pitre 97110 97120 971 5
Cayenne 97300 97302 973 3;Saint-Denis 97400 97411 974 9;Mamoudzou 97600 97608 976 2
"""


def _commune(texte: str) -> Commune:
    nom, code_postal, insee, departement, poids = texte.split()
    return Commune(nom.replace("~", " "), code_postal, insee, departement, int(poids))


COMMUNES = tuple(_commune(texte) for texte in _COMMUNES.replace("\n", ";").split(";") if texte)
