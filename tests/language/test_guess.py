import pytest

from verbund.language.guess import guess

GERMAN = (
    "Wir fertigen Präzisionslinsen und suchen Kunden im Fahrzeugbau.",
    "Prüfung von Schweißnähten in der Linie",
    "Lohnbeschichtung für Kunststoffoptik",
    "GESUCHT WIRD EIN PARTNER FUER DIE ENTWICKLUNG VON SENSOREN",
    "Ausbildung zum Feinoptiker, Weiterbildung, Umschulung",
    "Das Institut arbeitet mit Partnern wie der Société Générale de Mesure und La Précision SA.",
    "Wir liefern Messgeräte an Kunden in Frankreich, Italien und Polen.",
    "Geschäftsführer: José García, Büro in Straßburg, Rue de la Paix",
)
ENGLISH = (
    "We are looking for a supplier of freeform optics.",
    "Inline measurement of coating thickness in battery production",
    "Laser cleaning and joining of aluminium parts for the automotive industry",
    "Training on photonic packaging, testing and assembly",
    "Our team works with the Universidad de los Andes and the Politecnico di Torino.",
    "PICK AND PLACE MACHINES FOR ELECTRONICS MANUFACTURING",
    "Tank monitoring, non-contact sensing, pour point testing, per unit or plus delivery",
)
FOREIGN = {
    "fr": (
        "Nous développons des capteurs optiques pour l'industrie automobile.",
        "Notre entreprise propose la découpe laser de tôles et de tubes avec une grande précision.",
        "Fabrication de lentilles asphériques pour les phares et la signalisation",
        "NOUS RECHERCHONS UN PARTENAIRE POUR LE CONTRÔLE DES SOUDURES",
        "Le laboratoire forme des techniciens à la métrologie et au réglage de caméras.",
    ),
    "it": (
        "Sviluppiamo sensori ottici per il settore automobilistico e per la logistica.",
        "La nostra azienda offre il taglio laser della lamiera con una precisione elevata.",
        "Cerchiamo un fornitore di lenti asferiche per i nostri fari.",
    ),
    "es": (
        "Desarrollamos sensores ópticos para la industria del automóvil.",
        "Nuestra empresa ofrece el corte por láser de chapas y tubos con gran precisión.",
        "Buscamos un proveedor de lentes asféricas para los faros de nuestros clientes.",
    ),
    "pt": (
        "Desenvolvemos sensores ópticos para a indústria automóvel e para os nossos clientes.",
        "Procuramos um fornecedor de lentes para a iluminação do interior, com boa qualidade.",
    ),
    "nl": (
        "Wij ontwikkelen optische sensoren voor de auto-industrie en zoeken naar een partner.",
        "Ons bedrijf levert het snijden van platen met een laser en het lassen van buizen.",
    ),
    "cs": (
        "Vyvíjíme optické senzory pro automobilový průmysl a hledáme partnera.",
        "Naše firma nabízí řezání plechů laserem, které je přesné a rychlé.",
        "Jsme výrobce čoček pro světlomety a také pro lékařské přístroje.",
    ),
    "pl": (
        "Opracowujemy czujniki optyczne dla przemysłu motoryzacyjnego i szukamy partnera.",
        "Nasza firma oferuje cięcie laserowe blach oraz rur, które jest bardzo dokładne.",
        "Jesteśmy producentem soczewek dla reflektorów oraz przyrządów medycznych.",
    ),
    "hu": (
        "Optikai érzékelőket fejlesztünk az autóipar számára, és partnert keresünk.",
        "Cégünk olyan lencséket gyárt, amely a fényszórók és az orvosi műszerek számára készül.",
    ),
}
TERMS = (
    "Laser, Sensor, LiDAR, OCT, VCSEL",
    "Optik; Mechatronik; Automation; Robotik",
    "photonics, optics, metrology, lidar, camera",
    "Radar, Kamera, Navigation, Telematik, Connected Car",
    "Simulation (FEM, CFD), Konstruktion, CAD/CAM",
    "Tele-Operation, Cloud-Plattform, E-Learning, O-Ring, E-Motor",
    "LED, OLED, DLP, LCoS, MEMS, CMOS, InGaAs",
    "Carbon, Composite, Aluminium, Magnesium, Titan",
    "Galvanik, Eloxal, PVD, CVD, Sputtern",
)


@pytest.mark.parametrize("text", GERMAN)
def test_german_is_german(text: str) -> None:
    assert guess(text) == "de"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_english(text: str) -> None:
    assert guess(text) == "en"


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in FOREIGN for text in FOREIGN[language]]
)
def test_another_language_is_named(language: str, text: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize("text", TERMS)
def test_terms_alone_are_no_other_language(text: str) -> None:
    assert guess(text) in {"de", "en", "unknown"}


@pytest.mark.parametrize(
    "text", ["", " \n", "7", "12 µm, 532 nm", "🔬🚗", "x", "AB", "\u200b", "¿?"]
)
def test_nothing_to_go_by_is_unknown(text: str) -> None:
    assert guess(text) == "unknown"


@pytest.mark.parametrize(
    "text", ["Мы ищем партнёра для лазерной сварки", "レーザー溶接の検査", "نبحث عن شريك"]
)
def test_another_script_is_another_language(text: str) -> None:
    assert guess(text) == "other"


def test_letters_made_of_two_signs_are_the_same() -> None:
    composed = FOREIGN["cs"][1]
    decomposed = composed.replace("ř", "r\u030c").replace("é", "e\u0301").replace("š", "s\u030c")

    assert guess(decomposed) == "cs"


def test_a_quotation_does_not_change_the_language() -> None:
    quotation = "„Nous recherchons un partenaire pour la mesure.“"

    assert guess("Auf der Messe haben wir mit unserem Partner gesprochen: " + quotation) == "de"
