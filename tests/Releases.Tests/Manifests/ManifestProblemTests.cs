using Xunit;
using static Releases.Tests.Manifests.ReadingManifest;

namespace Releases.Tests.Manifests;

public sealed class ManifestProblemTests
{
    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_lines() => Assert.Equal(
        [
            "convox.yml(3,5): A service has no key 'prot'.",
            "convox.yml(4,12): 'drain' has to be a whole number from 0 to 86400.",
            "convox.yml(5,3): 'My_Service' cannot be the name of a service.",
            "convox.yml(8,14): 'scale.count' has to be a whole number from 0 to 1000.",
        ],
        Problems("""
            services:
              web:
                prot: 5000
                drain: -1
              My_Service: {}
              worker:
                scale:
                  count: many
            """));

    [Theory]
    [InlineData("prot", "port")]
    [InlineData("enviroment", "environment")]
    [InlineData("Health", "health")]
    [InlineData("domian", "domain")]
    public void An_unknown_key_is_answered_with_the_nearest_known_one(string key, string nearest)
    {
        var problem = Assert.Single(Read($"services:\n  web:\n    {key}: x\n").Problems);
        Assert.Equal(ProblemCode.Manifest, problem.Code);
        Assert.Equal($"Did you mean '{nearest}'?", problem.Remedy);
        Assert.Equal(new("convox.yml", 3, 5), problem.Location);
    }

    [Fact]
    public void A_key_that_is_near_to_none_is_answered_with_all() =>
        Assert.Equal("It can have: environment, services; keys of your own begin with x-.", Assert.Single(Read("services: { web: {} }\nkubernetes: 1\n").Problems).Remedy);

    [Theory]
    [InlineData("", "This is empty.")]
    [InlineData("# nothing\n", "This is empty.")]
    [InlineData("environment: [FOO]", "There are no services.")]
    [InlineData("services: {}", "There are no services.")]
    [InlineData("services: [web]", "There are no services.")]
    [InlineData("[]", "For the manifest keys and values are expected here.")]
    [InlineData("services: { web: 5 }", "For a service keys and values are expected here.")]
    [InlineData("services: { web: { port: 0 } }", "'port' has to be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 99999999999 } }", "'port' has to be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 'ftp:5000' } }", "'port' knows no scheme 'ftp'.")]
    [InlineData("services: { web: { port: 'grpc:' } }", "'port' has to be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 'https:0' } }", "'port' has to be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: { scheme: grpc } } }", "'port' states no port.")]
    [InlineData("services: { web: { port: { port: 80, scheme: tcp } } }", "'port' knows no scheme 'tcp'.")]
    [InlineData("services: { web: { port: '${PORT_X}' } }", "'port' has to be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { scale: { count: 3-1 } } }", "'scale.count' has to be a range of whole numbers from 0 to 1000, the least first.")]
    [InlineData("services: { web: { scale: { count: { min: 3, max: 1 } } } }", "'scale.count' has to be a range of whole numbers from 0 to 1000, the least first.")]
    [InlineData("services: { web: { health: check } }", "The path of 'health' has to begin with a slash, and 'check' does not.")]
    [InlineData("services: { web: { health: { host: 'http://a' } } }", "'health.host' has to be the name of a host, with or without a port, and 'http://a' is not.")]
    [InlineData("services: { web: { health: [] } }", "For 'health' keys and values are expected here.")]
    [InlineData("services: { web: { singleton: 1 } }", "'singleton' has to be true or false.")]
    [InlineData("services: { web: { deployment: { minimum: 101 } } }", "'deployment.minimum' has to be a whole number from 0 to 100.")]
    [InlineData("services: { web: { deployment: { maximum: 99 } } }", "'deployment.maximum' has to be a whole number from 100 to 1000.")]
    [InlineData("services: { web: { deployment: { minimum: 100, maximum: 100 } } }", "With a minimum and a maximum of 100 a rollout cannot move.")]
    [InlineData("services: { web: { singleton: true, deployment: { maximum: 200 } } }", "'singleton' means a minimum of 0 and a maximum of 100, and 'deployment' says otherwise.")]
    [InlineData("services: { web: { build: ., image: nginx } }", "web has both 'build' and 'image'.")]
    [InlineData("services: { web: { build: '${X}' } }", "'build' is needed before there is an environment to resolve it from.")]
    [InlineData("services: { web: { command: ['./run', '${X}'] } }", "'command' as a list is executed as it is, so nothing resolves ${X}.")]
    [InlineData("services: { web: { release: [] } }", "'release' names no program.")]
    [InlineData("services: { web: { environment: FOO=1 } }", "'environment' has to be a list.")]
    [InlineData("services: { web: { environment: [{ FOO: 1 }] } }", "A variable is expected here.")]
    [InlineData("services: { web: { environment: { FOO: [] } } }", "The default of FOO has to be a text.")]
    [InlineData("services: { web: { environment: ['A=${B%c}'] } }", "'${B%c}' is not resolved by anything.")]
    [InlineData("services: { web: { environment: ['A=${B'] } }", "'${B' is not resolved by anything.")]
    [InlineData("services: { web: { environment: ['A=${B:-${C}'] } }", "'${B:-${C}' is not resolved by anything.")]
    [InlineData("services: { web: { environment: [\"A=a\\0b\"] } }", "The default of A has a NUL character in it, which no process can be given.")]
    [InlineData("services: { web: { environment: [FOO, FOO=1] } }", "FOO is declared here a second time.")]
    [InlineData("services: { web: { environment: ['a b'] } }", "'a b' cannot be the name of a variable.")]
    [InlineData("services: { web: { x-aws: 1 } }", "'x-aws' has to be keys and values.")]
    [InlineData("services: { web: {}, web: {} }", "'web' stands here a second time.")]
    [InlineData("services: { web: {} }\n---\nservices: { web: {} }", "This is not well-formed YAML: there is a second document, and one is read.")]
    [InlineData("services: &a { web: *a }", "This is not well-formed YAML: there is no complete value '&a' above this.")]
    [InlineData("? [a]\n: b", "This is not well-formed YAML: a key has to be a text.")]
    public void A_mistake_is_told_in_a_sentence(string text, string message) =>
        Assert.Equal(message, Assert.Single(Read(text).Problems).Message);

    [Theory]
    [InlineData("health: false", "Leave 'health' out: then any answer below 500 on / is healthy.")]
    [InlineData("health: up", "Write /up.")]
    [InlineData("scale: { memory: 512Mi }", "It is in MiB: write 512.")]
    [InlineData("scale: { memory: 1.5GB }", "It is in MiB: write 1536.")]
    [InlineData("scale: { cpu: 0.5 }", "It is in CPU units, 1024 each core: write 512.")]
    [InlineData("scale: { cpu: 250m }", "It is in CPU units, 1024 each core: write 256.")]
    [InlineData("scale: lots", "Write a number, or a range such as 1-3.")]
    [InlineData("scale: 5-2", "Write for example 1-3.")]
    [InlineData("drain: soon", "Write seconds, or a duration such as 30s or 2m.")]
    [InlineData("environment: [{ A: 1 }]", "Write '- A=default'.")]
    [InlineData("environment: [ A=b: c ]", "YAML reads ': ' as a key and its value; put the variable in quotes.")]
    [InlineData("environment: ['Logging:Level=x']", ".NET reads '__' for ':', so name it Logging__Level.")]
    [InlineData("environment: ['A=${1}']", "Write ${NAME}, ${NAME:-default} or ${NAME-default}; for the text itself, begin it with $${.")]
    public void A_form_that_is_not_read_is_answered_with_the_one_to_write(string entry, string remedy) =>
        Assert.Equal(remedy, Assert.Single(Read($"services: {{ web: {{ {entry} }} }}").Problems).Remedy);

    [Fact]
    public void What_an_alias_brings_to_where_it_does_not_belong_is_told_there() => Assert.Equal(
        ["convox.yml(4,13): For 'health' keys and values are expected here."],
        Problems("x-a: &a [1]\nservices:\n  web:\n    health: *a\n"));

    [Fact]
    public void A_release_that_was_made_before_something_was_refused_is_read_all_the_same() =>
        Assert.Equal("${B%c}", Assert.Single(ManifestReader.ReadStored("services: { web: { environment: ['A=${B%c}'] } }", "it").Require().Services[0].Environment).Default);

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal(
        "This is not well-formed YAML: there is half a character, a surrogate without its other one.",
        Assert.Single(Read("services: { web: { x-aws: { service: \ud800 } } }").Problems).Message);

    [Fact]
    public void A_command_in_a_text_may_hold_variables_for_sh() =>
        Assert.Empty(Read("services: { web: { command: 'run ${X}' } }").Problems);

    [Fact]
    public void What_is_malformed_is_told_with_its_line()
    {
        var problem = Assert.Single(Read("services:\n  web:\n    port: [1\n").Problems);
        Assert.StartsWith("This is not well-formed YAML: ", problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Location!.Line >= 3);
    }

    [Fact]
    public void A_document_that_grows_by_its_aliases_is_refused()
    {
        var text = "x-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
        for (var i = 1; i < 12; i++) text += $"x-{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n";
        Assert.Contains("it has more than 20000 values", Assert.Single(Read(text + "services: { web: {} }").Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 100_000)]
    public void A_document_that_nests_without_end_is_refused(string opening, int times) =>
        Assert.Contains("nested more than 32 levels deep", Assert.Single(Read(string.Concat(Enumerable.Repeat(opening, times))).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void A_chain_of_aliases_cannot_nest_deeper_than_what_is_written_out()
    {
        var text = "x-0: &a0 1\n";
        for (var i = 1; i < 5000; i++) text += $"x-{i}: &a{i} [*a{i - 1}]\n";
        Assert.Contains("nested more than 32 levels deep", Assert.Single(Read(text)!.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        Assert.Equal("This is larger than 256 KiB, the most that is read.", Assert.Single(Read("#" + new string('x', 256 * 1024)).Problems).Message);
}
