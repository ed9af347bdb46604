using Xunit;
using static Releases.Tests.Manifests.ReadingManifest;

namespace Releases.Tests.Manifests;

public sealed class ManifestProblemTests
{
    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_lines() => Assert.Equal(
        [
            "convox.yml(3,5): a service has no key 'prot'.",
            "convox.yml(4,12): 'drain' must be a whole number from 0 to 86400.",
            "convox.yml(5,3): 'My_Service' isn't a valid service name.",
            "convox.yml(8,14): 'scale.count' must be a whole number from 0 to 1000.",
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
        Assert.Equal("Known keys: environment, services; keys of your own begin with x-.",
            Assert.Single(Read("services: { web: {} }\nkubernetes: 1\n").Problems).Remedy);

    [Theory]
    [InlineData("", "the file is empty.")]
    [InlineData("# nothing\n", "the file is empty.")]
    [InlineData("environment: [FOO]", "there are no services.")]
    [InlineData("services: {}", "there are no services.")]
    [InlineData("services: [web]", "'services' must be services by their names.")]
    [InlineData("services: web", "'services' must be services by their names.")]
    [InlineData("services:", "there are no services.")]
    [InlineData("[]", "expected keys and values for the manifest.")]
    [InlineData("services: { web: 5 }", "expected keys and values for a service.")]
    [InlineData("services: { web: { port: 0 } }", "'port' must be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 99999999999 } }", "'port' must be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 'ftp:5000' } }", "'ftp' isn't a scheme of 'port'.")]
    [InlineData("services: { web: { port: 'grpc:' } }", "'port' must be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: 'https:0' } }", "'port' must be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { port: { scheme: grpc } } }", "'port' has no port number.")]
    [InlineData("services: { web: { port: { port: 80, scheme: tcp } } }", "'tcp' isn't a scheme of 'port'.")]
    [InlineData("services: { web: { port: '${PORT_X}' } }", "'port' must be a whole number from 1 to 65535.")]
    [InlineData("services: { web: { scale: { count: 3-1 } } }",
        "'scale.count' must be a range of whole numbers from 0 to 1000, the smaller first.")]
    [InlineData("services: { web: { scale: { count: { min: 3, max: 1 } } } }",
        "'scale.count' must be a range of whole numbers from 0 to 1000, the smaller first.")]
    [InlineData("services: { web: { health: check } }", "'health' must be a path that begins with a slash, not 'check'.")]
    [InlineData("services: { web: { health: { host: 'http://a' } } }",
        "'health.host' must be a host name, with or without a port, not 'http://a'.")]
    [InlineData("services: { web: { health: [] } }", "expected keys and values for 'health'.")]
    [InlineData("services: { web: { singleton: 1 } }", "'singleton' must be true or false.")]
    [InlineData("services: { web: { deployment: { minimum: 101 } } }", "'deployment.minimum' must be a whole number from 0 to 100.")]
    [InlineData("services: { web: { deployment: { maximum: 99 } } }", "'deployment.maximum' must be a whole number from 100 to 1000.")]
    [InlineData("services: { web: { deployment: { minimum: 100, maximum: 100 } } }",
        "with a minimum and a maximum of 100, a rollout can't proceed.")]
    [InlineData("services: { web: { singleton: true, deployment: { maximum: 200 } } }",
        "'singleton' sets a minimum of 0 and a maximum of 100, but 'deployment' sets others.")]
    [InlineData("services: { web: { deployment: { strategy: cannary } } }",
        "'deployment.strategy' must be rolling, blue-green, linear or canary.")]
    [InlineData("services: { web: { deployment: { percent: 10 } } }", "'deployment.percent' has no meaning with the strategy rolling.")]
    [InlineData("services: { web: { deployment: { strategy: blue-green, interval: 2m } } }",
        "'deployment.interval' has no meaning with the strategy blue-green.")]
    [InlineData("services: { web: { deployment: { strategy: rolling, bake: 5m } } }",
        "'deployment.bake' has no meaning with the strategy rolling.")]
    [InlineData("services: { web: { deployment: { judge: off } } }", "'deployment.judge' has no meaning with the strategy rolling.")]
    [InlineData("services: { web: { deployment: { strategy: canary, percent: 100 } } }",
        "'deployment.percent' must be a whole number from 1 to 99.")]
    [InlineData("services: { web: { deployment: { strategy: canary, judge: strict } } }", "'deployment.judge' must be off, or limits.")]
    [InlineData("services: { web: { deployment: { strategy: canary, judge: { errors: 2 % } } } }",
        "'deployment.judge.errors' must be a number from 0 to 100.")]
    [InlineData("services: { web: { deployment: { strategy: canary, judge: { latency: 0.5 } } } }",
        "'deployment.judge.latency' must be a number from 1 to 100.")]
    [InlineData("services: { web: { deployment: { strategy: canary, maximum: 150 } } }",
        "the strategy canary runs all old and all new processes at once, but 'deployment.maximum' is 150.")]
    [InlineData("services: { web: { singleton: true, deployment: { strategy: linear } } }",
        "the strategy linear runs all old and all new processes at once, but 'singleton' never runs two.")]
    [InlineData("services: { web: { singleton: true, verify: ./smoke.sh } }",
        "'verify' tries the new processes before they get traffic, but with singleton old ones end to start them.")]
    [InlineData("services: { web: { verify: ./smoke.sh, deployment: { maximum: 150 } } }",
        "'verify' tries the new processes before they get traffic, but with a maximum of 150 old ones end to start them.")]
    [InlineData("services: { web: { build: ., image: nginx } }", "web has both 'build' and 'image'.")]
    [InlineData("services: { web: { build: '${X}' } }", "'build' is read before there is an environment to resolve ${NAME} from.")]
    [InlineData("services: { web: { command: ['./run', '${X}'] } }",
        "'command' is a list, which runs without a shell, so nothing resolves ${X}.")]
    [InlineData("services: { web: { command: '' } }", "'command' is empty.")]
    [InlineData("services: { web: { command: { a: b } } }", "'command' must be text.")]
    [InlineData("services: { web: { command: \"a\\0b\" } }", "'command' contains a NUL character.")]
    [InlineData("services: { web: { image: '' } }", "'image' is empty.")]
    [InlineData("services: { web: { build: '' } }", "'build' is empty.")]
    [InlineData("services: { web: { health: '' } }", "'health' is empty.")]
    [InlineData("services: { web: { health: { path: '' } } }", "'health' is empty.")]
    [InlineData("services: { web: { health: { host: '' } } }", "'health.host' is empty.")]
    [InlineData("services: { web: { domain: [''] } }", "'domain' is empty.")]
    [InlineData("services: { web: { port: { scheme: '', port: 80 } } }", "'port.scheme' is empty.")]
    [InlineData("services: { web: { release: [] } }", "'release' has no program.")]
    [InlineData("services: { web: { environment: FOO=1 } }", "'environment' must be a list.")]
    [InlineData("services: { web: { environment: [{ FOO: 1 }] } }", "expected a variable here.")]
    [InlineData("services: { web: { environment: { FOO: [] } } }", "the default of FOO must be text.")]
    [InlineData("services: { web: { environment: ['A=${B%c}'] } }", "nothing resolves '${B%c}'.")]
    [InlineData("services: { web: { environment: ['A=${B'] } }", "nothing resolves '${B'.")]
    [InlineData("services: { web: { environment: ['A=${B:-${C}'] } }", "nothing resolves '${B:-${C}'.")]
    [InlineData("services: { web: { environment: [\"A=a\\0b\"] } }",
        "the default of A contains a NUL character, which no process can receive.")]
    [InlineData("services: { web: { environment: [FOO, FOO=1] } }", "FOO is declared twice.")]
    [InlineData("services: { web: { environment: ['a b'] } }", "'a b' isn't a valid variable name.")]
    [InlineData("services: { web: { x-aws: 1 } }", "'x-aws' must be keys and values.")]
    [InlineData("services: { web: {}, web: {} }", "'web' appears twice.")]
    [InlineData("services: { web: {} }\n---\nservices: { web: {} }",
        "this isn't valid YAML: there is a second document; only one is read.")]
    [InlineData("services: &a { web: *a }", "this isn't valid YAML: the anchor '&a' isn't defined above this.")]
    [InlineData("? [a]\n: b", "this isn't valid YAML: a key must be text.")]
    public void A_mistake_is_told_in_a_sentence(string text, string message) =>
        Assert.Equal(message, Assert.Single(Read(text).Problems).Message);

    [Theory]
    [InlineData("health: false", "Leave out 'health': any answer below 500 on / then counts as healthy.")]
    [InlineData("health: up", "Write /up.")]
    [InlineData("health: 'http://localhost:8080/up?deep=1'", "Write /up?deep=1.")]
    [InlineData("deployment: { strategy: bluegreen }", "Did you mean 'blue-green'?")]
    [InlineData("deployment: { percent: 10 }", "Set 'strategy' to canary or linear, or remove 'percent'.")]
    [InlineData("deployment: { bake: 10 }", "Set 'strategy' to blue-green, linear or canary, or remove 'bake'.")]
    [InlineData("deployment: { strategy: canary, judge: 5 }", "For example: judge: { errors: 2, latency: 1.5 }")]
    [InlineData("scale: { memory: 512Mi }", "It is in MiB: write 512.")]
    [InlineData("scale: { memory: 1.5GB }", "It is in MiB: write 1536.")]
    [InlineData("scale: { cpu: 0.5 }", "It is in CPU units, 1024 each core: write 512.")]
    [InlineData("scale: { cpu: 250m }", "It is in CPU units, 1024 each core: write 256.")]
    [InlineData("scale: lots", "Write a number, or a range such as 1-3.")]
    [InlineData("scale: 5-2", "For example: 1-3")]
    [InlineData("drain: soon", "Write seconds, or a duration such as 30s or 2m.")]
    [InlineData("environment: [{ A: 1 }]", "Write '- A=default'.")]
    [InlineData("environment: [ A=b: c ]", "YAML reads ': ' as a key and its value. Quote the variable.")]
    [InlineData("environment: ['Logging:Level=x']", ".NET reads '__' as ':'; name it Logging__Level.")]
    [InlineData("environment: ['A=${1}']",
        "Write ${NAME}, ${NAME:-default} or ${NAME-default}. To keep the text as it is, begin it with $${.")]
    public void A_form_that_is_not_read_is_answered_with_the_one_to_write(string entry, string remedy) =>
        Assert.Equal(remedy, Assert.Single(Read($"services: {{ web: {{ {entry} }} }}").Problems).Remedy);

    [Fact]
    public void What_an_alias_brings_to_where_it_does_not_belong_is_told_there() => Assert.Equal(
        ["convox.yml(4,13): expected keys and values for 'health'."],
        Problems("x-a: &a [1]\nservices:\n  web:\n    health: *a\n"));

    [Fact]
    public void A_release_that_was_made_before_something_was_refused_is_read_all_the_same() =>
        Assert.Equal("${B%c}", Assert.Single(ManifestReader.ReadStored("services: { web: { environment: ['A=${B%c}'] } }", "it")
            .Require().Services[0].Environment).Default);

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal(
        "this isn't valid YAML: there is half a character, an unpaired surrogate.",
        Assert.Single(Read("services: { web: { x-aws: { service: \ud800 } } }").Problems).Message);

    [Fact]
    public void A_command_in_a_text_may_hold_variables_for_sh() =>
        Assert.Empty(Read("services: { web: { command: 'run ${X}' } }").Problems);

    [Fact]
    public void What_is_malformed_is_told_with_its_line()
    {
        var problem = Assert.Single(Read("services:\n  web:\n    port: [1\n").Problems);
        Assert.StartsWith("this isn't valid YAML: ", problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Location!.Line >= 3);
    }

    [Theory]
    [InlineData("services:\n\tweb:\n\t\tport: 80\n", 2)]
    [InlineData("services:\n  web:\n    port: 80\n\tscale: 2\n", 4)]
    [InlineData("services:\n  web:\n  \tport: 80\n", 3)]
    [InlineData("services:\r\n  web:\r\n    command: [a,\r\n\tb]\r\n", 4)]
    public void A_line_that_is_indented_with_a_tab_is_named(string text, int line)
    {
        var problem = Assert.Single(Read(text).Problems);
        Assert.Equal("this line is indented with a tab, which YAML doesn't allow.", problem.Message);
        Assert.Equal(new("convox.yml", line, 1), problem.Location);
    }

    [Fact]
    public void A_document_that_grows_by_its_aliases_is_refused()
    {
        var text = "x-0: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
        for (var i = 1; i < 12; i++) text += $"x-{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n";
        Assert.Contains("it has more than 20000 values", Assert.Single(Read(text + "services: { web: {} }").Problems).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("- ", 100_000)]
    public void A_document_that_nests_without_end_is_refused(string opening, int times) =>
        Assert.Contains("nested more than 32 levels deep",
            Assert.Single(Read(string.Concat(Enumerable.Repeat(opening, times))).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void A_chain_of_aliases_cannot_nest_deeper_than_what_is_written_out()
    {
        var text = "x-0: &a0 1\n";
        for (var i = 1; i < 5000; i++) text += $"x-{i}: &a{i} [*a{i - 1}]\n";
        Assert.Contains("nested more than 32 levels deep", Assert.Single(Read(text)!.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        Assert.Equal("the file is larger than 256 KiB, the limit.",
            Assert.Single(Read("#" + new string('x', 256 * 1024)).Problems).Message);
}
