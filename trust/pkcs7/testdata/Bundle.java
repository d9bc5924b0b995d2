import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/** Writes the certificates of a PEM file, in their order, into a BER bundle. */
public final class Bundle {
	public static void main(String[] args) throws Exception {
		byte[] pem = Files.readAllBytes(Path.of(args[0]));
		List<X509Certificate> chain = new ArrayList<>();
		for (var c : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
			chain.add((X509Certificate) c);
		}
		CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
		generator.addCertificates(new JcaCertStore(chain));
		Files.write(Path.of(args[1]), generator.generate(new CMSAbsentContent()).getEncoded());
	}
}
