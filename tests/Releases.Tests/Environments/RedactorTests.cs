using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Releases.Tests.Environments;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production")]
    [InlineData("HOST", "localhost")]
    [InlineData("CRASH", "no-database")]
    [InlineData("Logging__LogLevel__Default", "Information")]
    [InlineData("AWS_REGION", "eu-central-1")]
    [InlineData("API", "https://api.example.com/v1/orders")]
    [InlineData("DB_HOST", "db-1.internal.example.com:5432")]
    [InlineData("DATA", "/var/lib/my-app/data")]
    [InlineData("TIMEOUT", "00:10:00")]
    [InlineData("ACCOUNT", "123456789012")]
    [InlineData("VERSION", "10.0.1-beta2")]
    [InlineData("GREETING", "Grüß Gott, everybody!")]
    [InlineData("TYPE", "application/json; charset=utf-8")]
    [InlineData("ConnectionStrings__Db", "Data Source=app.db;Cache=Shared")]
    [InlineData("MODE", "ReadOnlyReplica")]
    [InlineData("AUTH", "disabled")]
    [InlineData("SECRET", "no")]
    [InlineData("SMTP_AUTH", "true")]
    [InlineData("TIME_ZONE", "Europe/Vienna")]
    public void A_setting_is_seen(string key, string value)
    {
        var text = $"cannot start with {value}, sorry";
        Assert.Equal(text, new Redactor([new(key, value)]).Redact(text));
    }

    [Theory]
    [InlineData("DB_PASSWORD", "hunter2")]
    [InlineData("Jwt__SigningKey", "abcd")]
    [InlineData("apiKey", "simple-words")]
    [InlineData("dbpassword", "simple")]
    [InlineData("STRIPE", "sk_live_4eC39HqLyjWDarjtT1zdp7dc")]
    [InlineData("ANYTHING", "Tr0ub4dor&3")]
    [InlineData("ANYTHING", "p4ssw0rd!")]
    [InlineData("ANYTHING", "3d6f0a4e-8f3c-4b7e-9d39-2f4f6f3f3b6a")]
    [InlineData("ANYTHING", "qwrtpsdfgh")]
    [InlineData("ANYTHING", "aBcDeFgH")]
    [InlineData("ANYTHING", "c2VjcmV0LXZhbHVl")]
    [InlineData("TOKEN", "exited with code 3")]
    public void A_secret_is_not(string key, string value) =>
        Assert.Equal("it said **** to us", new Redactor([new(key, value)]).Redact($"it said {value} to us"));

    [Theory]
    [InlineData("DATABASE_URL", "postgres://app:hunter2@db.example.com/app", "hunter2")]
    [InlineData("REDIS", "redis://:hunter2@cache:6379", "hunter2")]
    [InlineData("DATABASE_URL", "postgres://app:p%40ssword@db/app", "p@ssword")]
    [InlineData("ConnectionStrings__Db", "Server=db;Database=shop;User Id=app;Password=hunter2;Encrypt=true", "hunter2")]
    [InlineData("ConnectionStrings__Db", "Server=db;Pwd='a b;c'", "a b;c")]
    [InlineData("BLOBS", "https://x.blob.example.com/c?sv=2024&sig=aGVsbG8", "aGVsbG8")]
    [InlineData("STORAGE", "AccountName=shop;AccountKey=Zm9vYmFy==;EndpointSuffix=example.com", "Zm9vYmFy==")]
    public void Neither_is_the_secret_part_of_an_address_and_the_rest_of_it_is(string key, string value, string secret)
    {
        var redactor = new Redactor([new(key, value)]);
        Assert.Equal("login of app with **** failed at db.example.com",
            redactor.Redact($"login of app with {secret} failed at db.example.com"));
        Assert.DoesNotContain(secret, redactor.Redact(value), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_secret_is_replaced_where_it_stands_alone() =>
        Assert.Equal("pass **** (****) passes testing", new Redactor([new("PIN", "test")]).Redact("pass test (test) passes testing"));

    [Theory]
    [InlineData("hunter2")]
    [InlineData("s3cr3t/with+plus=and&more?")]
    [InlineData("quotes \" and ' and \\ back")]
    [InlineData("Ünï¢ödé-🎈-<tag>")]
    public void Neither_is_any_encoding_of_it(string secret)
    {
        var redactor = new Redactor([new("DB_PASSWORD", secret)]);
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] forms =
        [
            Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), WebUtility.HtmlEncode(secret),
            JsonSerializer.Serialize(secret).Trim('"'), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        ];
        foreach (var form in forms) Assert.DoesNotContain(form.Trim('='), redactor.Redact($"value: {form}; end"), StringComparison.Ordinal);
        // As in the header of basic authentication, wherever the secret begins in it.
        foreach (var user in (string[])["", "a", "ab", "abc"])
        {
            var header = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));
            Assert.Contains("****", redactor.Redact($"Authorization: Basic {header}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_line_of_a_key_is_a_secret_and_the_longest_one_goes_first()
    {
        var redactor = new Redactor([new("TLS_KEY", "-----BEGIN-----\r\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC"), new("A_TOKEN", "abcdefghij"),
            new("B_TOKEN", "abcdefgh")]);
        Assert.Equal("**** and ****", redactor.Redact("MIIEvQIBADANBgkq and hkiG9w0BAQEFAASC"));
        Assert.Equal("****", redactor.Redact("abcdefghij"));
    }

    /// <summary>Whatever a generator of keys makes is found in a text; the seed says which one was not.</summary>
    [Fact]
    public void Generated_secrets_are_found_under_any_name()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var secret = random.GetString(alphabet, random.Next(16, 65));
            Assert.True(new Redactor([new("X", secret)]).Redact($"<{secret}>") == "<****>",
                string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {secret}"));
        }
    }

    [Fact]
    public void The_largest_environment_takes_no_time_that_a_person_would_notice()
    {
        var values = Enumerable.Range(0, 1000).Select(n => new KeyValuePair<string, string>($"KEY_{n}", $"value-{n}-{n * 7919:x8}"))
            .ToList();
        var redactor = new Redactor(values);
        var line = new string('x', 64 * 1024);
        Assert.Equal(line, redactor.Redact(line));
        Assert.Equal("****", redactor.Redact(values[500].Value));
        // A value without a pair in it that a pattern could look for at every place.
        Assert.Equal("ok", new Redactor([new("X", string.Concat(Enumerable.Repeat("a ", 12 * 1024)))]).Redact("ok"));
    }
}
